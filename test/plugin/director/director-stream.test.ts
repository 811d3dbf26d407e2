import { describe, expect, test, vi } from 'vitest';
import type { CollisionRule } from '../../../plugin/director.ts';
import { collision } from '../events.ts';
import { createBelt, pulse } from '../fake-runtime.ts';
import { HARD_WOOD_ON_STONE, never, setUp } from './director-set-up.ts';

describe('a take that is only now being made', () => {
  const LATE = 0.05;
  const part = new Float32Array(4800);

  /** A first sound has told the speed, so that others begin at their first part. */
  async function setUpStreaming(
    rule: Partial<CollisionRule> = {},
    options: Parameters<typeof setUp>[0] = {},
  ) {
    const belts = new Map<string, ReturnType<typeof createBelt>>();
    const beltOf = (prompt: string) => {
      const belt = belts.get(prompt) ?? createBelt();
      belts.set(prompt, belt);
      return belt;
    };
    const parts = ({ prompt }: { prompt: string }) =>
      prompt === 'first' ? [part, part] : beltOf(prompt);
    const world = setUp({ parts, ...options });
    const first = world.takes.stream({ prompt: 'first' }, never);
    while (!(await first.next()).done);
    world.add({ lateness: LATE, cooldown: 0, takes: 1, priority: 2, ...rule });
    return { ...world, belt: beltOf(HARD_WOOD_ON_STONE) };
  }

  test('is heard from its first part on, if that comes in time, and plays whole the next time', async () => {
    const { director, belt, streams, starts, reports, settle } = await setUpStreaming();
    director.handle(collision({ point: { x: 1, y: 2, z: 3 } }));
    belt.push(part);
    await settle();
    expect(streams).toHaveLength(1);
    const request = { volume: 1, pitch: 0, priority: 2, loop: false };
    expect(streams[0]?.request).toMatchObject({ ...request, point: { x: 1, y: 2, z: 3 } });
    belt.push(pulse(0));
    belt.end();
    await settle();
    expect(streams[0]?.parts.map(({ pcm }) => pcm)).toEqual([part, pulse(0)]);
    expect(streams[0]?.voice.close).toHaveBeenCalledOnce();
    director.handle(collision());
    expect(starts).toHaveLength(1);
    expect(reports).toMatchObject([
      { kind: 'played', source: 'generated', seed: 0 },
      { kind: 'played', source: 'memory', seed: 0 },
    ]);
  });

  test('whose codes turn out to be in a cache is told of as such', async () => {
    const { director, belt, reports, settle } = await setUpStreaming({}, { source: 'indexeddb' });
    director.handle(collision());
    belt.push(part);
    await settle();
    expect(reports).toMatchObject([{ kind: 'played', source: 'indexeddb' }]);
  });

  test('is silent if that comes too late, and made all the same', async () => {
    const { director, runtime, belt, streams, starts, reports, warnings } = await setUpStreaming();
    director.handle(collision());
    await vi.waitFor(() => expect(reports).toHaveLength(1));
    expect(reports[0]).toMatchObject({ kind: 'missed', reason: 'absent' });
    expect(warnings).toEqual([expect.stringContaining(HARD_WOOD_ON_STONE)]);
    belt.push(part);
    belt.end();
    await vi.waitFor(() => {
      director.handle(collision());
      expect(starts).toHaveLength(1);
    });
    expect([streams.length, runtime.aborted.length, runtime.streamed.length]).toEqual([0, 0, 2]);
  });

  test('is heard once, by the event that began it', async () => {
    const { director, belt, streams, reports, settle } = await setUpStreaming();
    for (let i = 0; i < 3; i++) director.handle(collision());
    belt.push(part);
    await settle();
    expect(streams).toHaveLength(1);
    expect(reports.map(({ kind }) => kind)).toEqual(['missed', 'missed', 'played']);
  });

  test('stops when the rest cannot be made, which is told once', async () => {
    const { director, belt, streams, reports, settle } = await setUpStreaming();
    director.handle(collision());
    belt.push(part);
    await settle();
    belt.end(new Error('worker gone'));
    await settle();
    expect(streams[0]?.voice.stop).toHaveBeenCalled();
    expect(reports.map(({ kind }) => kind)).toEqual(['played', 'failed']);
  });

  test('that turns out to be in a cache plays whole', async () => {
    const { director, starts, reports, add, settle } = setUp();
    add({ lateness: LATE });
    director.handle(collision());
    await settle();
    expect(starts).toHaveLength(1);
    expect(reports.map(({ kind }) => kind)).toEqual(['played']);
  });

  test('is not waited for where a rule has no lateness', async () => {
    const { director, runtime, reports } = await setUpStreaming({ lateness: 0 });
    director.handle(collision());
    expect(reports.map(({ kind }) => kind)).toEqual(['missed']);
    expect(runtime.streamed).toHaveLength(1);
  });

  test('is dropped by dispose without a word', async () => {
    const { director, runtime, reports, settle } = await setUpStreaming();
    director.handle(collision());
    await settle();
    director.dispose();
    await settle();
    expect(runtime.aborted).toHaveLength(1);
    expect(reports).toEqual([]);
  });
});
