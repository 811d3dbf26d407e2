/** Buses: volumes that multiply, ramps without a step, other ways. */
import { expect, test } from 'vitest';
import type { BusHandle } from '../../../plugin/adapter.ts';
import { maxStep, renderWith } from '../offline.ts';
import { at, current } from './gain.ts';
import type { CreateWorld } from './world.ts';

export function testBuses<N>(createWorld: CreateWorld<N>): void {
  /** One emitter at full level in both ears, on `inner`, which leads into `outer`. */
  async function setUp() {
    const world = await createWorld();
    const { adapter } = world;
    const outer = adapter.createBus('outer', null);
    const inner = adapter.createBus('inner', outer);
    const params = { name: 'e', node: null, attenuation: null };
    const handle = adapter.createEmitter({ ...params, bus: inner });
    await Promise.all([outer.ready, inner.ready, handle.ready]);
    current(world, handle);
    return { ...world, outer, inner, handle };
  }

  const later = (bus: BusHandle, volume: number, seconds = 0.01) => ({
    0.2: () => bus.setVolume(volume, seconds),
  });

  test('volumes multiply on the way out', async () => {
    const { context, outer, inner } = await setUp();
    const { left } = await renderWith(context, {
      0.2: () => inner.setVolume(0.5, 0.01),
      0.4: () => outer.setVolume(0.25, 0.01),
    });
    expect(at(left, 0.1)).toBeCloseTo(1, 5);
    expect(at(left, 0.3)).toBeCloseTo(0.5, 4);
    expect(at(left, 0.5)).toBeCloseTo(0.125, 4);
  });

  test('a volume is reached in its time, evenly and without a step', async () => {
    const { context, inner } = await setUp();
    const { left } = await renderWith(context, later(inner, 0, 0.4));
    expect(at(left, 0.3)).toBeCloseTo(0.75, 2);
    expect(at(left, 0.5)).toBeCloseTo(0.25, 2);
    expect(at(left, 0.65)).toBeCloseTo(0, 4);
    expect(maxStep(left.subarray(4800))).toBeLessThan(1e-3);
  });

  test('a volume that is changed on its way goes on from where it is', async () => {
    const { context, inner } = await setUp();
    const { left } = await renderWith(context, {
      ...later(inner, 0, 0.4),
      0.4: () => inner.setVolume(1, 0.2),
    });
    expect(at(left, 0.399)).toBeCloseTo(0.5, 2);
    expect(at(left, 0.5)).toBeCloseTo(0.75, 2);
    expect(at(left, 0.65)).toBeCloseTo(1, 3);
    expect(maxStep(left.subarray(4800))).toBeLessThan(1e-2);
  });

  test('a bus leads elsewhere from then on', async () => {
    const { context, outer, inner } = await setUp();
    const { left } = await renderWith(context, {
      0.1: () => outer.setVolume(0.25, 0.01),
      0.4: () => inner.route(null),
      0.6: () => inner.route(outer),
    });
    expect(at(left, 0.3)).toBeCloseTo(0.25, 4);
    expect(at(left, 0.5)).toBeCloseTo(1, 4);
    expect(at(left, 0.7)).toBeCloseTo(0.25, 4);
  });

  test('an emitter that is disposed is cut', async () => {
    const { context, handle } = await setUp();
    const { left } = await renderWith(context, { 0.2: () => handle.dispose() });
    expect(at(left, 0.1)).toBeCloseTo(1, 5);
    expect(at(left, 0.4)).toBe(0);
  });
}
