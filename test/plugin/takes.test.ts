import { expect, test, vi } from 'vitest';
import { createTakeLibrary } from '../../plugin/takes.ts';
import { createBelt, createFakeRuntime, gateway, pulse } from './fake-runtime.ts';
import { installWebAudio, offlineContext } from './web-audio.ts';

installWebAudio();

const never = new AbortController().signal;

function setUp(options: Parameters<typeof createFakeRuntime>[0] = {}, maxBytes?: number) {
  const runtime = createFakeRuntime(options);
  const onTake = vi.fn();
  const bytes = maxBytes === undefined ? {} : { maxBytes };
  const takes = createTakeLibrary({ maker: runtime, context: null, onTake, ...bytes });
  return { runtime, takes, onTake };
}

test('a take is made once and is at hand from then on', async () => {
  const { runtime, takes, onTake } = setUp();
  expect(takes.peek({ prompt: 'bell' })).toBeUndefined();
  const made = await takes.get({ prompt: 'bell' }, never);
  expect(takes.peek({ prompt: 'bell' })).toBe(made);
  expect(await takes.get({ prompt: 'bell', seed: 0, priority: 9 }, never)).toBe(made);
  expect([runtime.requests.length, onTake.mock.calls.length]).toEqual([1, 1]);
});

test('seed, duration, loop and sampling make another sound', async () => {
  const { runtime, takes } = setUp();
  const variants = [{}, { seed: 1 }, { duration: 2 }, { loop: true }, { temperature: 0.5 }];
  for (const variant of variants) await takes.get({ prompt: 'bell', ...variant }, never);
  expect(runtime.requests).toHaveLength(variants.length);
});

test('the key of a request is written once, however often it is asked for', async () => {
  const { takes } = setUp();
  const request = { prompt: 'bell', seed: 2 };
  const made = await takes.get(request, never);
  const write = vi.spyOn(JSON, 'stringify');
  for (let i = 0; i < 10; i++) expect(takes.peek(request)).toBe(made);
  expect(write).not.toHaveBeenCalled();
  write.mockRestore();
  expect(takes.peek({ ...request })).toBe(made);
});

test('all who ask at the same time share one generation', async () => {
  const { open, opened } = gateway();
  const { runtime, takes } = setUp({ gate: () => opened });
  const all = [1, 2, 3].map(() => takes.get({ prompt: 'bell' }, never));
  open();
  const [first, ...others] = await Promise.all(all);
  expect(others).toEqual([first, first]);
  expect(runtime.requests).toHaveLength(1);
});

test('one who leaves does not take the sound from the others', async () => {
  const { open, opened } = gateway();
  const { runtime, takes } = setUp({ gate: () => opened });
  const leaving = new AbortController();
  const left = takes.get({ prompt: 'bell' }, leaving.signal);
  const stayed = takes.get({ prompt: 'bell' }, never);
  leaving.abort();
  await expect(left).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  open();
  await expect(stayed).resolves.toMatchObject({ take: { prompt: 'bell' } });
  expect(runtime.aborted).toHaveLength(0);
});

test('the last who leaves stops the generation, and the next request starts afresh', async () => {
  const { open, opened } = gateway();
  const { runtime, takes } = setUp({ gate: () => opened });
  const leaving = new AbortController();
  const left = takes.get({ prompt: 'bell' }, leaving.signal);
  await vi.waitFor(() => expect(runtime.requests).toHaveLength(1));
  leaving.abort();
  await expect(left).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  expect(runtime.aborted).toHaveLength(1);
  const again = takes.get({ prompt: 'bell' }, never);
  open();
  await expect(again).resolves.toMatchObject({ take: { prompt: 'bell' } });
  expect(runtime.requests).toHaveLength(2);
});

test('a failure reaches everyone who waits, and is not remembered', async () => {
  let fails = true;
  const { takes } = setUp({
    gate: async () => {
      if (fails) throw new Error('no model');
    },
  });
  const both = [takes.get({ prompt: 'bell' }, never), takes.get({ prompt: 'bell' }, never)];
  for (const one of both) await expect(one).rejects.toThrow('no model');
  fails = false;
  await expect(takes.get({ prompt: 'bell' }, never)).resolves.toBeDefined();
});

test('the oldest takes go when the bytes are full', async () => {
  const bytes = pulse(0).byteLength;
  const { takes } = setUp({}, 2.5 * bytes);
  for (const prompt of ['a', 'b', 'c']) await takes.get({ prompt }, never);
  const kept = ['a', 'b', 'c'].map((prompt) => takes.peek({ prompt }) !== undefined);
  expect(kept).toEqual([false, true, true]);
});

test('the buffer has the rate and the samples of the take', async () => {
  const runtime = createFakeRuntime({ sampleRate: 32000 });
  const context = offlineContext(0.1);
  const takes = createTakeLibrary({ maker: runtime, context, onTake: () => {} });
  const { buffer, duration } = await takes.get({ prompt: 'bell', seed: 2 }, never);
  expect(buffer?.sampleRate).toBe(32000);
  expect(buffer?.getChannelData(0)).toEqual(pulse(2));
  expect(duration).toBe(960 / 32000);
});

test('a stream tells the parts, then the take, which is at hand from then on', async () => {
  const parts = [pulse(0), pulse(1)];
  const { runtime, takes, onTake } = setUp({ parts: () => parts });
  const stream = takes.stream({ prompt: 'bell' }, never);
  const heard = [(await stream.next()).value, (await stream.next()).value];
  expect(heard).toEqual(parts.map((pcm) => ({ pcm, sampleRate: 48000, source: 'generated' })));
  const { done, value } = await stream.next();
  expect(done).toBe(true);
  expect(takes.peek({ prompt: 'bell' })).toBe(value);
  expect(await takes.stream({ prompt: 'bell' }, never).next()).toEqual({ done: true, value });
  expect([runtime.requests.length, onTake.mock.calls.length]).toEqual([1, 1]);
});

test('streams and waiters share one generation, whoever began it', async () => {
  const { open, opened } = gateway();
  const { runtime, takes } = setUp({ gate: () => opened, parts: () => [pulse(0)] });
  const streamed = takes.stream({ prompt: 'bell' }, never);
  const waited = takes.get({ prompt: 'bell' }, never);
  const generated = takes.get({ prompt: 'door' }, never);
  const joined = takes.stream({ prompt: 'door' }, never);
  await vi.waitFor(() => expect(runtime.streamed).toHaveLength(2)); // parts are wanted from now on
  open();
  expect((await streamed.next()).done).toBe(false);
  expect((await streamed.next()).value).toBe(await waited);
  expect((await joined.next()).value).toMatchObject({ pcm: pulse(0) });
  expect((await joined.next()).value).toBe(await generated);
  expect(runtime.streamed.map(({ prompt }) => prompt)).toEqual(['bell', 'door']);
  expect(runtime.requests).toHaveLength(2);
});

test('what is being made becomes as urgent as whoever comes, and never less', async () => {
  const { open, opened } = gateway();
  const { runtime, takes } = setUp({ gate: () => opened });
  const ask = (priority: number) => takes.get({ prompt: 'bell', priority }, never);
  const all = [ask(-1000), ask(-5)]; // at once: nothing is on its way yet
  await vi.waitFor(() => expect(runtime.requests).toEqual([{ prompt: 'bell', priority: -5 }]));
  all.push(ask(3), ask(-1000), ask(3));
  const stream = takes.stream({ prompt: 'bell' }, never);
  const [request] = runtime.requests;
  expect(runtime.hastened).toEqual([
    { request, priority: 3, parts: false },
    { request, priority: 3, parts: true },
  ]);
  open();
  const { value } = await stream.next();
  expect(new Set(await Promise.all(all))).toEqual(new Set([value]));
});

test('a stream that was left is not remembered: the next begins afresh', async () => {
  const { runtime, takes } = setUp({ parts: () => createBelt() });
  const stream = takes.stream({ prompt: 'bell' }, never);
  await vi.waitFor(() => expect(runtime.streamed).toHaveLength(1));
  stream.leave();
  expect(runtime.aborted).toHaveLength(1);
  takes.stream({ prompt: 'bell' }, never);
  await vi.waitFor(() => expect(runtime.streamed).toHaveLength(2));
});

test('the speed of one stream is known to the next at its first part', async () => {
  const long = new Float32Array(4800);
  const parts = ({ prompt }: { prompt: string }) => {
    if (prompt === 'whole') return [long, long, long];
    const belt = createBelt();
    belt.push(long);
    return belt;
  };
  const { takes } = setUp({ parts });
  const early = takes.stream({ prompt: 'early' }, never);
  await early.next();
  expect(early.wait(1)).toBe(Infinity);
  const whole = takes.stream({ prompt: 'whole' }, never);
  while (!(await whole.next()).done);
  const late = takes.stream({ prompt: 'late' }, never);
  await late.next();
  expect(late.wait(1)).toBeLessThan(0.1);
});
