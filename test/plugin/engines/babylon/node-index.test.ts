import { PointLight } from '@babylonjs/core/Lights/pointLight.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

describe('find', () => {
  test('gives back what was described, without looking at the scene', async () => {
    const { scene, adapter } = await createWorld();
    const box = CreateBox('box', {}, scene);
    const { id } = adapter.describe(box);
    Object.defineProperty(scene, 'meshes', {
      get() {
        throw new Error('searched');
      },
    });
    expect(adapter.find(id)).toBe(box);
  });

  test('knows every node of the scene, cameras and lights too', async () => {
    const { scene, adapter } = await createWorld();
    const light = new PointLight('lamp', new Vector3(1, 2, 3), scene);
    const nodes = [light, scene.activeCamera, new TransformNode('node', scene)];
    for (const node of nodes) expect(adapter.find(String(node?.uniqueId))).toBe(node);
  });

  test('is null for what is gone, and what never was', async () => {
    const { scene, adapter } = await createWorld();
    const box = CreateBox('box', {}, scene);
    const { id } = adapter.describe(box);
    box.dispose();
    expect([adapter.find(id), adapter.find('0'), adapter.find('particles 3')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('still knows the living after thousands that are gone', async () => {
    const { scene, adapter } = await createWorld();
    const first = new TransformNode('first', scene);
    const { id } = adapter.describe(first);
    for (let i = 0; i < 3000; i++) {
      const node = new TransformNode('passing', scene);
      adapter.describe(node);
      node.dispose();
    }
    expect(adapter.find(id)).toBe(first);
  });
});

describe('contents', () => {
  test('are meshes and transform nodes where they are; no cameras, lights, roots of loaders, or what is gone', async () => {
    const { scene, adapter, render } = await createWorld();
    new PointLight('lamp', Vector3.Zero(), scene);
    new TransformNode('__root__', scene);
    const pivot = new TransformNode('pivot', scene);
    pivot.position.x = 3;
    const box = CreateBox('box', { size: 2 }, scene);
    box.parent = pivot;
    CreateBox('gone', {}, scene).dispose();
    render();
    const found = [...adapter.contents()].map(({ object, point, radius }) => ({
      name: object.name,
      x: point.x,
      radius: Number(radius.toFixed(3)),
    }));
    expect(found).toEqual([
      { name: 'box', x: 3, radius: 1.732 },
      { name: 'pivot', x: 3, radius: 0 },
    ]);
  });

  test('have points of their own', async () => {
    const { scene, adapter, render } = await createWorld();
    const box = CreateBox('box', {}, scene);
    render();
    const [content] = adapter.contents();
    box.position.x = 9;
    box.computeWorldMatrix(true);
    expect(content?.point.x).toBe(0);
  });
});

test('every kind of node has a position', async () => {
  const { scene, adapter } = await createWorld();
  const parent = new TransformNode('parent', scene);
  parent.position.set(1, 0, 0);
  const light = new PointLight('lamp', new Vector3(1, 2, 3), scene);
  light.parent = parent;
  const box = CreateBox('box', {}, scene);
  box.parent = parent;
  const camera = scene.activeCamera;
  if (camera === null) throw new Error('no camera');
  camera.position.set(4, 5, 6);
  expect(adapter.positionOf(box)).toMatchObject({ x: 1, y: 0, z: 0 });
  expect(adapter.positionOf(camera)).toMatchObject({ x: 4, y: 5, z: 6 });
  expect(adapter.positionOf(light)).toMatchObject({ x: 2, y: 2, z: 3 });
});
