/** A whole foley on the adapter: what is heard, where, and when. */
import { expect, test } from 'vitest';
import { createFoleyWith } from '../../../plugin/foley.ts';
import { collision } from '../events.ts';
import { createFakeRuntime, pulseHeight, sine } from '../fake-runtime.ts';
import { pulsesOf, renderWith, rms } from '../offline.ts';
import type { CreateWorld } from './world.ts';

export function testFoley<N>(createWorld: CreateWorld<N>): void {
  async function setUp(pcm?: (request: { seed?: number | undefined }) => Float32Array) {
    const world = await createWorld();
    const runtime = createFakeRuntime(pcm === undefined ? {} : { pcm });
    const foley = await createFoleyWith(world.adapter, { model: '/m/', runtime });
    return { ...world, runtime, foley };
  }

  test('plays what was asked for, once each, when asked', async () => {
    const { foley, context, addNode } = await setUp();
    await foley.prefetch([0, 1, 2].map((seed) => ({ prompt: 'pulse', seed })));
    const emitter = foley.emitter(addNode({ x: -1, y: 0, z: 0 }));
    const { left } = await renderWith(context, {
      0: () => emitter.play('pulse', { seed: 0 }),
      0.2: () => emitter.play('pulse', { seed: 1 }),
      0.4: () => emitter.play('pulse', { seed: 2 }),
    });
    const pulses = pulsesOf(left);
    expect(pulses.map(({ peak }) => Math.round(peak * 8))).toEqual([1, 2, 3]);
    [0, 0.2, 0.4].forEach((time, i) => {
      expect(Math.abs((pulses[i]?.time ?? 9) - time)).toBeLessThan(0.015); // the move and 128 samples
    });
  });

  test('at (-3, 0, 0) left is a third and right is silent, from the first sample on', async () => {
    const { foley, context, addNode } = await setUp(() => sine(440, 0.5));
    const emitter = foley.emitter(addNode({ x: -3, y: 0, z: 0 }));
    const { left, right } = await renderWith(context, { 0: () => emitter.play('tone') });
    expect(rms(left, 0.1, 0.4)).toBeCloseTo(Math.SQRT1_2 / 3, 4);
    expect(rms(right, 0, 0.5)).toBeLessThan(1e-4);
    expect(Math.max(...left.subarray(0, 4800))).toBeLessThan(1 / 3 + 1e-3);
  });

  test('at (3, 0, 0) right is a third and left is silent', async () => {
    const { foley, context, addNode } = await setUp(() => sine(440, 0.5));
    const emitter = foley.emitter(addNode({ x: 3, y: 0, z: 0 }));
    const { left, right } = await renderWith(context, { 0: () => emitter.play('tone') });
    expect(rms(right, 0.1, 0.4)).toBeCloseTo(Math.SQRT1_2 / 3, 4);
    expect(rms(left, 0, 0.5)).toBeLessThan(1e-4);
  });

  test('volume of the emitter and of the voice multiply', async () => {
    const { foley, context, addNode } = await setUp();
    const emitter = foley.emitter(addNode({ x: -1, y: 0, z: 0 }), { volume: 0.5 });
    const { left } = await renderWith(context, {
      0: () => emitter.play('pulse', { seed: 3, volume: 0.5 }),
    });
    expect(pulsesOf(left)[0]?.peak).toBeCloseTo(pulseHeight(3) / 4, 4);
  });

  test('what is heard moves with its node; what is not, does not', async () => {
    const { foley, context, addNode, moveNode, tick } = await setUp(() => sine(440, 0.8));
    const node = addNode({ x: -1, y: 0, z: 0 });
    const emitter = foley.emitter(node);
    const { left, right } = await renderWith(context, {
      0: () => emitter.play('tone'),
      0.4: () => {
        moveNode(node, { x: 2, y: 0, z: 0 });
        tick();
      },
    });
    expect(rms(left, 0.1, 0.35)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(rms(right, 0.5, 0.75)).toBeCloseTo(Math.SQRT1_2 / 2, 3);
    expect(rms(left, 0.5, 0.75)).toBeLessThan(1e-4);
  });

  test('a node that goes takes its emitter along', async () => {
    const { foley, context, addNode, removeNode } = await setUp(() => sine(440, 0.8));
    const node = addNode({ x: -1, y: 0, z: 0 });
    const emitter = foley.emitter(node);
    const { left } = await renderWith(context, {
      0: () => emitter.play('tone'),
      0.4: () => removeNode(node),
    });
    expect(rms(left, 0.1, 0.35)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(rms(left, 0.42, 0.8)).toBe(0);
    await expect(emitter.play('tone')).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });

  test('a collision is heard at its point', async () => {
    const { foley, context, emit, tick } = await setUp();
    await foley.prefetch([{ prompt: 'hit' }]);
    foley.addRule({ prompt: 'hit', takes: 1 });
    await new Promise((resolve) => setTimeout(resolve));
    tick();
    const { left, right } = await renderWith(context, {
      0.1: () => emit(collision({ impulse: 9 })),
    });
    // Straight ahead both ears get 1/√2.
    for (const ear of [left, right]) {
      expect(pulsesOf(ear).map(({ peak }) => Math.round(peak * Math.SQRT2 * 8))).toEqual([1]);
    }
  });

  test('beyond maxDistance there is silence, and the last tenth of the way leads there', async () => {
    const { foley, context, addNode, moveNode, tick } = await setUp(() => sine(440, 1));
    const node = addNode({ x: -10, y: 0, z: 0 });
    const emitter = foley.emitter(node, { maxDistance: 20 });
    const go = (x: number) => () => {
      moveNode(node, { x, y: 0, z: 0 });
      tick();
    };
    const { left } = await renderWith(context, {
      0: () => emitter.play('tone'),
      0.2: go(-19),
      0.4: go(-20),
      0.6: go(-200),
      0.8: go(-10),
    });
    const level = (from: number) => rms(left, from + 0.05, from + 0.18) / Math.SQRT1_2;
    expect(level(0)).toBeCloseTo(1 / 10, 3);
    expect(level(0.2)).toBeCloseTo(1 / 19 / 2, 3); // half way through the fade
    expect(level(0.4)).toBeLessThan(1e-6);
    expect(level(0.6)).toBeLessThan(1e-6);
    expect(level(0.8)).toBeCloseTo(1 / 10, 3);
  });
}
