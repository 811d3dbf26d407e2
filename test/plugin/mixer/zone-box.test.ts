import { expect, test } from 'vitest';
import type { SceneContent } from '../../../plugin/adapter.ts';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { boxOf, isIn, volumeOf } from '../../../plugin/mixer/zone-box.ts';

const box = { min: { x: 0, y: 0, z: 0 }, max: { x: 4, y: 2, z: 3 } };

test('a point is in a box up to its faces, a sphere where it touches one', () => {
  expect(isIn(box, { x: 4, y: 2, z: 3 })).toBe(true);
  expect(isIn(box, { x: 4.01, y: 2, z: 3 })).toBe(false);
  expect(isIn(box, { x: 5, y: 1, z: 1 }, 1)).toBe(true);
  expect(isIn(box, { x: 5, y: 3, z: 1 }, 1.4)).toBe(false); // √2 from the edge
  expect(isIn(box, { x: 5, y: 3, z: 1 }, 1.42)).toBe(true);
  expect(volumeOf(box)).toBe(24);
});

test('the box is the bounds of the node; the cube around its sphere where none are known', () => {
  const adapter = createNullAdapter();
  const at = { x: 1, y: 1, z: 1 };
  const contentOf = (node: typeof at): SceneContent => {
    return { object: adapter.describe(node), point: node, radius: 2 };
  };
  const known = contentOf(adapter.addNode(at, {}, box));
  const cube = { min: { x: -1, y: -1, z: -1 }, max: { x: 3, y: 3, z: 3 } };
  expect(boxOf(adapter, known)).toEqual(box);
  expect(boxOf(adapter, contentOf(adapter.addNode({ ...at })))).toEqual(cube);
  expect(boxOf({ find: adapter.find }, known)).toEqual(cube);
  expect(boxOf(adapter, { ...contentOf({ ...at }), radius: 0 })).toBeNull();
});
