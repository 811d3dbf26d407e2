/** A bake that follows the sound map: told on the way, nothing made twice, at its end the very pack of a build. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bake } from '../../../bake/bake.ts';
import type { TakeMaker } from '../../../bake/contract.ts';
import { createLiveBake, type LiveBake } from '../../../bake/rollup/live-bake.ts';
import { createTakeMaker } from '../../../bake/take-maker.ts';
import type { MakeAll } from '../../../bake/take-pool.ts';
import { bytesSource, openTokenPack } from '../../../runtime/token-pack.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';

const mapOf = (...prompts: string[]) =>
  `defaults: { duration: 0.1, variations: 10 }\nsounds:\n${prompts.map((prompt, i) => `  s${i}: { prompt: ${prompt} }\n`).join('')}`;
const GATE = { maxRolls: 2, minScore: 0, maxLikeness: 0.5 };

let maker: TakeMaker;
let folder: string;
let settings: Parameters<typeof createLiveBake>[0];
let live: LiveBake;
let made: number;
let errors: unknown[];

beforeAll(async () => {
  maker = await createTakeMaker({ model: TINY_PACK, gate: GATE });
});
afterAll(() => maker.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-live-'));
  const soundMap = join(folder, 'sounds.yaml');
  settings = { soundMap, model: TINY_PACK, output: join(folder, 'out'), gate: GATE, workers: 1 };
  [made, errors] = [0, []];
  await writeFile(soundMap, mapOf('a', 'b'));
});
afterEach(async () => {
  await live?.dispose();
  await rm(folder, { recursive: true });
});

const makeAll: MakeAll = async (jobs, onRecord) => {
  for (const job of jobs) {
    await onRecord(await maker.make(job));
    made += 1;
  }
};

/** @returns what waits for a change after which something is so */
function start(options: { makeAll?: MakeAll } = {}): {
  until: (isSo: () => boolean) => Promise<void>;
} {
  let wake = () => {};
  const wakeNow = () => wake();
  live = createLiveBake(settings, {
    onChange: wakeNow,
    onError: (error) => {
      errors.push(error);
      wakeNow();
    },
    logger: { warn: () => {}, info: () => {} },
    makeAll,
    ...options,
  });
  return {
    async until(isSo) {
      while (!isSo()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const sizeNow = async () =>
  (await openTokenPack(bytesSource(await live.pack(), 'live'))).sounds.length;

test('the pack grows while takes are made, and is in the end what a build makes', async () => {
  const { until } = start();
  expect(live.version).toBe(0);
  await expect(live.pack()).rejects.toThrow(/there is no sound map yet/);
  await live.update();
  expect(JSON.parse(live.sounds).sounds.s1.prompt).toBe('b');
  await until(() => live.version >= 3); // the map, what was kept, the first eight
  expect(await sizeNow()).toBeGreaterThanOrEqual(8);
  const { files } = await bake({
    ...settings,
    output: join(folder, 'built'),
    makeAll,
    formats: ['foley'],
  });
  const built = await readFile(join(folder, 'built', files[0]?.path ?? ''));
  await expect
    .poll(async () => Buffer.compare(await live.pack(), built), { timeout: 20_000 })
    .toBe(0);
  expect(errors).toEqual([]);
});

test('after an edit only what is new is made; what an edit made needless is left', async () => {
  settings = { ...settings, gate: null }; // near copies stay: each job is made once
  start();
  await live.update();
  await expect.poll(sizeNow).toBe(20);
  const before = made;
  await writeFile(settings.soundMap, mapOf('a', 'c'));
  await live.update();
  expect(await sizeNow()).toBeLessThan(20);
  await expect.poll(sizeNow).toBe(20);
  expect(made - before).toBe(10);
});

test('a wrong map changes nothing, and says why', async () => {
  start();
  await live.update();
  const { sounds } = live;
  await writeFile(settings.soundMap, 'sounds: { a: { promt: a } }');
  await expect(live.update()).rejects.toThrow(/sounds\.a/);
  expect(live.sounds).toBe(sounds);
  await expect.poll(sizeNow).toBe(20);
});

test('what stops the making is told; the next update goes on', async () => {
  let isBroken = true;
  const { until } = start({
    makeAll: (jobs, onRecord) => {
      if (isBroken) throw new Error('no memory');
      return makeAll(jobs, onRecord);
    },
  });
  await live.update();
  await until(() => errors.length > 0);
  expect(String(errors[0])).toMatch(/no memory/);
  isBroken = false;
  await live.update();
  await expect.poll(sizeNow).toBe(20);
});
