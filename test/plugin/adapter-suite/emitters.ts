/** How loud an emitter is in each ear: by distance, by direction, by its cone. */
import { expect, test } from 'vitest';
import type { Attenuation, EmitterHandle } from '../../../plugin/adapter.ts';
import type { Point } from '../../../plugin/scene-event.ts';
import { offlineContext, renderWith } from '../offline.ts';
import { AHEAD, at, current } from './gain.ts';
import type { CreateWorld } from './world.ts';

export function testEmitters<N>(createWorld: CreateWorld<N>): void {
  async function gainOf(attenuation: Attenuation | null, place: Point, forward?: Point) {
    const world = await createWorld();
    const node = world.addNode(place, forward);
    const handle = world.adapter.createEmitter({ name: 'e', node, attenuation });
    await handle.ready;
    handle.place();
    current(world, handle);
    const { left, right } = await renderWith(world.context, {});
    return [at(left, 0.5), at(right, 0.5)] as const;
  }

  test.each([
    ['inverse, the default', {}, 5, 1 / 5],
    ['inverse from 2 m', { refDistance: 2 }, 5, 2 / 5],
    ['inverse, twice as steep', { rolloff: 2 }, 5, 1 / 9],
    ['linear to 9 m', { model: 'linear', maxDistance: 9 }, 5, 0.5],
    ['exponential', { model: 'exponential', rolloff: 2 }, 5, 1 / 25],
  ] as const)('attenuation: %s', async (_what, attenuation, distance, gain) => {
    const [left, right] = await gainOf(attenuation, { x: 0, y: 0, z: distance });
    expect(left).toBeCloseTo(gain * AHEAD, 4);
    expect(right).toBeCloseTo(gain * AHEAD, 4);
  });

  test('without attenuation it is the same in both ears, wherever it is', async () => {
    const [left, right] = await gainOf(null, { x: -40, y: 3, z: 0 });
    expect(left).toBeCloseTo(1, 5);
    expect(right).toBeCloseTo(1, 5);
  });

  test.each([0, 25, 45, 60, 80, 120, 180])('a cone, heard %i° off its axis', async (angle) => {
    const cone = { inner: 60, outer: 120, outerGain: 0.2 };
    // From (0, 0, 1) the ear is along −z.
    const turn = (angle * Math.PI) / 180;
    const forward = { x: Math.sin(turn), y: 0, z: -Math.cos(turn) };
    const [left, right] = await gainOf({ cone }, { x: 0, y: 0, z: 1 }, forward);
    const measured = (await conesAreReversed()) ? 180 - angle : angle;
    const part = Math.min(1, Math.max(0, (measured - 30) / 30));
    const gain = 1 - part + part * cone.outerGain;
    expect(left).toBeCloseTo(gain * AHEAD, 3);
    expect(right).toBeCloseTo(gain * AHEAD, 3);
  });

  test('with a cone of one, another all round is heard all round', async () => {
    const world = await createWorld();
    const forward = { x: 1, y: 0, z: 0 };
    const node = world.addNode({ x: 0, y: 0, z: 1 }, forward);
    const cone = { inner: 10, outer: 20, outerGain: 0 };
    const [beam, round] = [{ cone }, {}].map((attenuation) =>
      world.adapter.createEmitter({ name: 'e', node, attenuation }),
    ) as [EmitterHandle, EmitterHandle];
    for (const handle of [beam, round]) {
      await handle.ready;
      handle.place();
      current(world, handle);
    }
    const { left } = await renderWith(world.context, {});
    expect(at(left, 0.5)).toBeCloseTo(AHEAD, 4);
  });
}

/** node-web-audio-api 2.2 measures from the far side: loud behind. Browsers, and the specification, do not. */
async function conesAreReversed(): Promise<boolean> {
  const context = offlineContext(0.1);
  const panner = new PannerNode(context, { positionZ: 1, orientationX: 0, orientationZ: -1 });
  Object.assign(panner, { coneInnerAngle: 10, coneOuterAngle: 20, coneOuterGain: 0 });
  const source = new ConstantSourceNode(context);
  source.connect(panner).connect(context.destination);
  source.start();
  const { left } = await renderWith(context, {});
  return at(left, 0.05) === 0;
}
