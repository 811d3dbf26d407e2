/** Nodes, ear, events, render frames, and an end in any order. */
import { expect, test } from 'vitest';
import { createFoleyWith } from '../../../plugin/foley.ts';
import { collision } from '../events.ts';
import { createFakeRuntime } from '../fake-runtime.ts';
import type { CreateWorld } from './world.ts';

export function testScene<N>(createWorld: CreateWorld<N>): void {
  test('an emitter is where its node is, after place', async () => {
    const { adapter, addNode, moveNode, tick } = await createWorld();
    const node = addNode({ x: 0, y: 4, z: 0 });
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: {} });
    await handle.ready;
    handle.place();
    expect(handle.position).toMatchObject({ x: 0, y: 4, z: 0 });
    moveNode(node, { x: 0, y: 10, z: 0 });
    tick();
    expect(handle.place()).toBeLessThanOrEqual(0.01);
    expect(handle.position).toMatchObject({ x: 0, y: 10, z: 0 });
    expect(adapter.positionOf(node)).toMatchObject({ x: 0, y: 10, z: 0 });
  });

  test('an emitter without a node goes to points', async () => {
    const { adapter } = await createWorld();
    const handle = adapter.createEmitter({ name: 'e', node: null, attenuation: {} });
    await handle.ready;
    handle.place({ x: -5, y: 0, z: 0 });
    expect(handle.position).toMatchObject({ x: -5, y: 0, z: 0 });
  });

  test('the ear is at the origin, its right is +x', async () => {
    const { adapter, tick } = await createWorld();
    tick();
    const { position, forward, up, right } = adapter.ear();
    for (const [vector, wanted] of [
      [position, [0, 0, 0]],
      [up, [0, 1, 0]],
      [right, [1, 0, 0]],
    ] as const) {
      [vector.x, vector.y, vector.z].forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i] ?? 0, 6);
      });
    }
    expect(Math.abs(forward.z)).toBeCloseTo(1, 6);
  });

  test('a thing it holds is found by its id, and described alike', async () => {
    const { adapter } = await createWorld();
    for (const { object } of adapter.contents()) {
      const node = adapter.find(object.id);
      expect(node).not.toBeNull();
      if (node !== null) expect(adapter.describe(node)).toEqual(object);
    }
    expect(adapter.find('no such id')).toBeNull();
  });

  test('events reach their listeners until taken back or disposed', async () => {
    const { adapter, emit, tick } = await createWorld();
    const heard: number[] = [];
    const stop = adapter.onSceneEvent(({ impulse }) => heard.push(impulse));
    adapter.onSceneEvent(({ impulse }) => heard.push(10 * impulse));
    tick();
    emit(collision({ impulse: 1 }));
    stop();
    stop();
    emit(collision({ impulse: 2 }));
    adapter.dispose();
    emit(collision({ impulse: 3 }));
    expect(heard).toEqual([1, 10, 20]);
  });

  test('a render frame is told once per image until taken back or disposed', async () => {
    const { adapter, tick, images } = await createWorld();
    let told = 0;
    const stop = adapter.onRenderFrame(() => told++);
    adapter.onRenderFrame(() => {
      told += 10;
    });
    tick();
    stop();
    stop();
    tick();
    adapter.dispose();
    tick();
    expect(told).toBe(images ? 21 : 0);
  });

  test('at a render frame what is heard is where its node is', async () => {
    const { adapter, addNode, moveNode, tick, images } = await createWorld();
    const node = addNode({ x: 1, y: 0, z: 0 });
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: {} });
    await handle.ready;
    handle.setAudible(true);
    const seen: number[] = [];
    adapter.onRenderFrame(() => seen.push(handle.position.x));
    moveNode(node, { x: 2, y: 0, z: 0 });
    tick();
    handle.setAudible(false);
    moveNode(node, { x: 3, y: 0, z: 0 });
    tick();
    expect(seen).toEqual(images ? [2, 2] : []);
  });

  test('dispose is idempotent, for the adapter, its emitters and buses, in any order', async () => {
    const { adapter, addNode } = await createWorld();
    const node = addNode({ x: 0, y: 0, z: 1 });
    const bus = adapter.createBus('main', null);
    const made = adapter.createEmitter({ name: 'e', node, attenuation: {}, bus });
    const pending = adapter.createEmitter({ name: 'f', node, attenuation: {} });
    await made.ready;
    made.dispose();
    made.dispose();
    bus.dispose();
    adapter.dispose();
    adapter.dispose();
    pending.dispose();
    bus.dispose();
    await expect(pending.ready).resolves.toBeUndefined();
  });

  test('a whole foley works on it: play, rule, dispose', async () => {
    const { adapter, addNode, emit, tick } = await createWorld();
    const runtime = createFakeRuntime();
    const foley = await createFoleyWith(adapter, { model: '/m/', runtime });
    const node = addNode({ x: 0, y: 0, z: 1 });
    expect((await foley.emitter(node).play('door')).refusal).toBeNull();
    await foley.prefetch([{ prompt: 'hard hit' }]);
    foley.addRule({ prompt: '{intensity} hit' });
    await foley.unlock();
    await new Promise((resolve) => setTimeout(resolve));
    tick();
    emit(collision());
    expect(foley.stats()).toMatchObject({ played: 2, absent: 0, suspended: 0, failed: 0 });
    await foley.dispose();
    await foley.dispose();
  });
}
