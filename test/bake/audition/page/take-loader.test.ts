/** What the page keeps of takes, and what it asks for again. */
import { beforeEach, expect, test } from 'vitest';
import type { LoadedTake, TakeName } from '../../../../bake/audition/page/server.ts';
import { createTakeLoader } from '../../../../bake/audition/page/take-loader.ts';

const STEP: TakeName = { sound: 'step', prompt: 'a step', seed: 0, duration: 0.3, loop: false };

interface Asked {
  take: TakeName;
  answer: () => void;
}

let asked: Asked[];
beforeEach(() => {
  asked = [];
});

/** A server that answers when it is told to. */
const loaderOf = () =>
  createTakeLoader(
    (take, signal) =>
      new Promise<LoadedTake>((resolve, reject) => {
        asked.push({ take, answer: () => resolve({} as LoadedTake) });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  );
const untilAsked = (times: number) => expect.poll(() => asked.length).toBe(times);

test('a take is asked for once, and anew where the sound map has another duration or made it a loop', async () => {
  const { load } = loaderOf();
  for (const [index, take] of [
    STEP,
    { ...STEP, duration: 0.6 },
    { ...STEP, loop: true },
  ].entries()) {
    const loading = load(take);
    await untilAsked(index + 1);
    asked[index]?.answer();
    expect(await load(take)).toBe(await loading);
  }
  expect(asked.length).toBe(3);
});

test('one at a time, what somebody waits for first', async () => {
  const { load } = loaderOf();
  const all = [load(STEP), load({ ...STEP, seed: 1 }), load({ ...STEP, seed: 2 }, true)];
  for (let count = 1; count <= 3; count++) {
    await untilAsked(count);
    asked[count - 1]?.answer();
  }
  await Promise.all(all);
  expect(asked.map(({ take }) => take.seed)).toEqual([0, 2, 1]);
});

test('what was given up on its way is asked for again by who comes next', async () => {
  const { load, giveUp } = loaderOf();
  const first = load(STEP);
  giveUp();
  const again = load(STEP);
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await untilAsked(2);
  asked[1]?.answer();
  await expect(again).resolves.toEqual({});
});
