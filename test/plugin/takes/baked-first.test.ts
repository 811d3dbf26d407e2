import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBakedFirst } from '../../../plugin/takes/baked-first.ts';
import type { SoundStream } from '../../../runtime/client.ts';
import {
  QueueFullError,
  TokenPackError,
  UnreachableError,
  WorkerLostError,
} from '../../../runtime/errors.ts';
import { createFakePlayer, type FakePlayerOptions, holding } from '../fake-player.ts';
import { createFakeRuntime, gateway } from '../fake-runtime.ts';

const DOOR = { prompt: 'door', seed: 2 };
const BELL = { prompt: 'bell', seed: 0 };

function setUp(pack: FakePlayerOptions = {}, { live = true } = {}) {
  const player = createFakePlayer({ holds: holding(DOOR), ...pack });
  const runtime = createFakeRuntime({ parts: () => [new Float32Array(8)] });
  const warnings: string[] = [];
  const tiers = createBakedFirst({
    player,
    runtime: live ? runtime : null,
    warn: (message) => void warnings.push(message),
  });
  return { tiers, player, runtime, warnings };
}

async function readAll(stream: SoundStream) {
  let parts = 0;
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return { parts, take: value };
    parts += 1;
  }
}

describe('packs and the model', () => {
  test('what is baked comes whole out of the pack; the runtime is not asked', async () => {
    const { tiers, runtime, warnings } = setUp();
    const { parts, take } = await readAll(tiers.stream(DOOR));
    expect([parts, take.source, take.seed]).toEqual([0, 'baked', 2]);
    expect([runtime.requests, warnings]).toEqual([[], []]);
  });

  test('what is not baked is made, with its parts, as it was asked for', async () => {
    const { tiers, player, runtime } = setUp();
    for (let i = 0; i < 2; i++) {
      const { parts, take } = await readAll(tiers.stream(BELL));
      expect([parts, take.source]).toEqual([1, 'generated']);
    }
    expect(runtime.requests).toMatchObject([BELL, BELL]);
    expect([player.taken, player.loads]).toEqual([[], 1]);
  });

  test('is known once the packs are open', async () => {
    const { open, opened } = gateway();
    const { tiers } = setUp({ opened });
    const look = () => [DOOR, BELL].map((one) => [tiers.isBaked(one), tiers.offers(one)]);
    expect(look().flat()).toEqual([false, true, false, true]);
    open();
    await tiers.known;
    expect(look().flat()).toEqual([true, true, false, true]);
  });

  test('what is asked for meanwhile waits, and is then as urgent as it has become', async () => {
    const { open, opened } = gateway();
    const { tiers, runtime } = setUp({ opened });
    const streams = [DOOR, BELL].map((one) => tiers.stream(one, { quiet: true }));
    const results = Promise.all(streams.map(readAll));
    streams[1]?.hasten(7, true);
    await new Promise((resolve) => setTimeout(resolve));
    expect(runtime.requests).toEqual([]);
    open();
    const sources = (await results).map(({ take }) => take.source);
    expect(sources).toEqual(['baked', 'generated']);
    expect(runtime.streamed).toMatchObject([{ ...BELL, priority: 7 }]);
  });

  test('what becomes more urgent later is told to the runtime', async () => {
    const { open, opened } = gateway();
    const { tiers, runtime } = setUp({ opened });
    const stream = tiers.stream(BELL, { quiet: true });
    const whole = readAll(stream);
    open();
    await vi.waitFor(() => expect(runtime.requests).toHaveLength(1));
    stream.hasten(3, true);
    await whole;
    expect(runtime.hastened).toMatchObject([{ priority: 3, parts: true }]);
  });

  test('an aborted request waits for no pack', async () => {
    const { tiers, runtime } = setUp({ opened: new Promise(() => {}) });
    const stop = new AbortController();
    const waiting = readAll(tiers.stream(BELL, { signal: stop.signal }));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(runtime.requests).toEqual([]);
  });
});

describe('when something is wrong', () => {
  test('packs that cannot be opened are one warning, and all is made', async () => {
    const { tiers, warnings } = setUp({ opened: Promise.reject(new Error('HTTP 404')) });
    const { take } = await readAll(tiers.stream(DOOR));
    await readAll(tiers.stream(BELL));
    expect(take.source).toBe('generated');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/packs cannot be opened.*HTTP 404/);
  });

  test('a sound that cannot be read is made instead, and not tried again', async () => {
    const gate = () => Promise.reject(new Error('CRC-32 at byte 812'));
    const { tiers, player, warnings } = setUp({ gate });
    const sources = [];
    for (let i = 0; i < 3; i++) sources.push((await readAll(tiers.stream(DOOR))).take.source);
    expect(sources).toEqual(['generated', 'generated', 'generated']);
    expect([player.taken.length, tiers.isBaked(DOOR)]).toEqual([1, false]);
    expect(warnings).toEqual([expect.stringMatching(/"door" cannot be read.*byte 812/)]);
  });
});

test.each([
  new QueueFullError('busy'),
  new WorkerLostError('lost'),
  new UnreachableError('offline'),
])('a player that is in trouble for a moment is asked again: $name', async (error) => {
  let isWell = false;
  const gate = () => (isWell ? Promise.resolve() : Promise.reject(error));
  const { tiers } = setUp({ gate });
  expect((await readAll(tiers.stream(DOOR))).take.source).toBe('generated');
  isWell = true;
  expect((await readAll(tiers.stream(DOOR))).take.source).toBe('baked');
  isWell = false;
  for (let i = 0; i < 3; i++) await readAll(tiers.stream(DOOR));
  expect(tiers.isBaked(DOOR)).toBe(false); // not for ever
});

describe('packs that could not be opened', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('for want of a connection are tried again, and heard from then on', async () => {
    const opened = [1, 2].map(() => Promise.reject(new UnreachableError('offline')));
    for (const one of opened) one.catch(() => {});
    const { tiers, player, warnings } = setUp({
      opened: () => opened.shift() ?? Promise.resolve(),
    });
    await tiers.known;
    expect(tiers.isBaked(DOOR)).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect([player.loads, tiers.isBaked(DOOR)]).toEqual([2, false]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([player.loads, tiers.isBaked(DOOR)]).toEqual([3, true]);
    expect((await readAll(tiers.stream(DOOR))).take.source).toBe('baked');
    expect([vi.getTimerCount(), warnings.length]).toEqual([0, 1]);
  });

  test('are not tried for ever, and not at all where they are no packs', async () => {
    const offline = setUp({ opened: () => Promise.reject(new UnreachableError('offline')) });
    const damaged = setUp({ opened: () => Promise.reject(new TokenPackError('no pack')) });
    await Promise.all([offline.tiers.known, damaged.tiers.known]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect([offline.player.loads, damaged.player.loads, vi.getTimerCount()]).toEqual([4, 1, 0]);
  });
});

test('packs that were given up are no warning', async () => {
  const gone = new DOMException('disposed', 'AbortError');
  const { tiers, warnings } = setUp({ opened: Promise.reject(gone) });
  await tiers.known;
  expect(warnings).toEqual([]);
});

describe('without the model', () => {
  test('what is baked is there, all else is refused with what is near', async () => {
    const { tiers, runtime, warnings } = setUp({}, { live: false });
    expect((await readAll(tiers.stream(DOOR))).take.source).toBe('baked');
    await expect(readAll(tiers.stream(BELL))).rejects.toThrow(/Nearest/);
    expect([tiers.offers(DOOR), tiers.offers(BELL)]).toEqual([true, false]);
    expect([runtime.requests, warnings]).toEqual([[], []]);
  });

  test('a sound that cannot be read is refused with the reason', async () => {
    const gate = () => Promise.reject(new Error('CRC-32 at byte 812'));
    const { tiers, warnings } = setUp({ gate }, { live: false });
    await expect(readAll(tiers.stream(DOOR))).rejects.toThrow('CRC-32 at byte 812');
    expect([tiers.offers(DOOR), warnings.length]).toEqual([false, 1]);
  });

  test('packs that cannot be opened are silence and one warning', async () => {
    const opened = Promise.reject(new Error('bad magic'));
    const { tiers, warnings } = setUp({ opened }, { live: false });
    await expect(readAll(tiers.stream(DOOR))).rejects.toThrow(RangeError);
    expect([tiers.offers(DOOR), tiers.isBaked(DOOR)]).toEqual([false, false]);
    expect(warnings).toEqual([expect.stringMatching(/nothing baked is heard/)]);
  });
});
