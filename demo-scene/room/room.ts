/**
 * The hall, seen from its open side (−z). Metres. What lies behind the door: yard/plan.ts.
 *
 *   z = 4   ┌──[hearth]────[ window ]────[door]──┐
 *           │  planks    flagstones   tread plate│
 *           │  (wood)      (stone)      (metal)  │
 *   z = −4  └ ─ ─ ─ ─ ─ ─ invisible ─ ─ ─ ─ ─ ─ ─┘   the floor goes on to the camera
 *         x = −5.5      −1.6        2.1         5.5
 */

import { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Materials } from '../surfaces/materials.ts';
import { block } from './block.ts';
import { boxProject } from './box-project.ts';

export const ROOM = { left: -5.5, right: 5.5, back: 4, front: -4, open: -9, height: 4.2 } as const;
export const HEARTH = { left: -4.2, right: -2.2, top: 1.45, depth: 0.9 } as const;
export const WINDOW = { left: -1, right: 1.5, bottom: 1.15, top: 3.35 } as const;
export const DOORWAY = { left: 2.95, right: 4.35, top: 2.55 } as const;
const WALL = 0.45;

/** Returns the meshes that cast shadows. */
export function buildRoom(scene: Scene, materials: Materials): Mesh[] {
  buildFloor(scene, materials);
  buildSides(scene, materials);
  buildFront(scene, materials);
  return [
    ...buildBackWall(scene, materials),
    ...buildHearth(scene, materials),
    ...buildWindow(scene, materials),
    ...buildDoorway(scene, materials),
    ...buildBeams(scene, materials),
  ];
}

function buildFloor(scene: Scene, { planks, flagstones, treadPlate, iron }: Materials): void {
  const { left, right, open, back } = ROOM;
  const strips = [
    { name: 'planks', x: [left, -1.6], material: planks, tile: 1.7, solid: 'wood' },
    { name: 'flagstones', x: [-1.6, 2.1], material: flagstones, tile: 3, solid: 'stone' },
    { name: 'tread plate', x: [2.1, right], material: treadPlate, tile: 1.25, solid: 'metal' },
  ] as const;
  for (const { name, x, material, tile, solid } of strips) {
    const [from, to] = [[x[0], -0.5, open] as const, [x[1], 0, back + WALL] as const];
    block(scene, `floor of ${name}`, { from, to, material, tile, solid });
  }
  for (const x of [-1.6, 2.1]) {
    const [from, to] = [[x - 0.04, -0.1, open] as const, [x + 0.04, 0.012, back] as const];
    block(scene, 'floor trim', { from, to, material: iron });
  }
}

/** Side walls: masonry below, plaster above; the front is a wall for crates only. */
function buildSides(scene: Scene, { masonry, plaster, planks }: Materials): void {
  const { left, right, open, front, back, height } = ROOM;
  for (const [x0, x1] of [
    [left - WALL, left],
    [right, right + WALL],
  ] as const) {
    const solid = 'stone';
    block(scene, 'side wall', {
      from: [x0, 0, open],
      to: [x1, 1.3, back],
      material: masonry,
      solid,
    });
    const upper = {
      from: [x0, 1.3, open],
      to: [x1, height, back],
      material: plaster,
      tile: 3,
    } as const;
    block(scene, 'upper wall', { ...upper, solid });
  }
  const ceiling = { from: [left, height, open], to: [right, height + 0.2, back + WALL] } as const;
  block(scene, 'ceiling', { ...ceiling, material: planks, tile: 2.5, solid: 'wood' });
  const barrier = { from: [left, 0, front - 0.5], to: [right, height, front] } as const;
  const invisible = block(scene, 'barrier', { ...barrier, material: plaster, solid: 'stone' });
  invisible.isVisible = false;
  invisible.isPickable = false;
}

/** Seen only from inside: the overview looks through it. */
function buildFront(scene: Scene, { masonry, plaster }: Materials): void {
  const { left, right, front, height } = ROOM;
  const parts = [
    { y0: 0, y1: 1.3, material: masonry, tile: 2 },
    { y0: 1.3, y1: height, material: plaster, tile: 3 },
  ] as const;
  for (const { y0, y1, material, tile } of parts) {
    const wall = CreatePlane('front wall', { width: right - left, height: y1 - y0 }, scene);
    wall.rotation.y = Math.PI;
    wall.bakeCurrentTransformIntoVertices();
    wall.position.set((left + right) / 2, (y0 + y1) / 2, front);
    boxProject(wall, tile);
    wall.material = material;
    wall.receiveShadows = true;
    wall.isPickable = false;
    wall.freezeWorldMatrix();
  }
}

function buildBackWall(scene: Scene, { masonry }: Materials): Mesh[] {
  const { left, right, back, height } = ROOM;
  const pieces: [x0: number, x1: number, y0: number, y1: number][] = [
    [left, HEARTH.left, 0, height],
    [HEARTH.left, HEARTH.right, HEARTH.top, height],
    [HEARTH.right, WINDOW.left, 0, height],
    [WINDOW.left, WINDOW.right, 0, WINDOW.bottom],
    [WINDOW.left, WINDOW.right, WINDOW.top, height],
    [WINDOW.right, DOORWAY.left, 0, height],
    [DOORWAY.left, DOORWAY.right, DOORWAY.top, height],
    [DOORWAY.right, right, 0, height],
  ];
  return pieces.map(([x0, x1, y0, y1]) => {
    const [from, to] = [[x0, y0, back] as const, [x1, y1, back + WALL] as const];
    return block(scene, 'back wall', { from, to, material: masonry, tile: 2.2, solid: 'stone' });
  });
}

function buildHearth(scene: Scene, { masonry, planks }: Materials): Mesh[] {
  const { left, right, top, depth } = HEARTH;
  const back = ROOM.back + depth;
  const stones = [
    { from: [left - 0.35, 0, back - 0.1], to: [right + 0.35, 2, back + 0.2] },
    { from: [left - 0.35, 0, 4.4], to: [left, top, back] },
    { from: [right, 0, 4.4], to: [right + 0.35, top, back] },
    { from: [left - 0.28, 0, 3.78], to: [left, top, 4.02] },
    { from: [right, 0, 3.78], to: [right + 0.28, top, 4.02] },
    { from: [left - 0.4, 0, 3.1], to: [right + 0.4, 0.1, 4.9] },
  ] as const;
  const parts = stones.map((stone) =>
    block(scene, 'hearth', { ...stone, material: masonry, tile: 1.6, solid: 'stone' }),
  );
  const mantel = { from: [left - 0.45, top, 3.62], to: [right + 0.45, top + 0.2, 4.02] } as const;
  parts.push(block(scene, 'mantel', { ...mantel, material: planks, tile: 2.4, solid: 'wood' }));
  return parts;
}

function buildWindow(scene: Scene, { planks, plaster }: Materials): Mesh[] {
  const { left, right, bottom, top } = WINDOW;
  const sill = {
    from: [left - 0.15, bottom - 0.12, 3.82],
    to: [right + 0.15, bottom, 4.4],
  } as const;
  const parts = [block(scene, 'sill', { ...sill, material: plaster, tile: 1.4, solid: 'stone' })];
  const bar = (x0: number, x1: number, y0: number, y1: number) =>
    block(scene, 'window bar', {
      from: [x0, y0, 4.16],
      to: [x1, y1, 4.26],
      material: planks,
      tile: 1.3,
    });
  const third = (right - left) / 3;
  for (const x of [left + third, right - third]) parts.push(bar(x - 0.04, x + 0.04, bottom, top));
  parts.push(bar(left, right, 2.5, 2.58));
  parts.push(bar(left, left + 0.09, bottom, top), bar(right - 0.09, right, bottom, top));
  parts.push(bar(left, right, bottom, bottom + 0.09), bar(left, right, top - 0.09, top));
  return parts;
}

function buildDoorway(scene: Scene, { planks }: Materials): Mesh[] {
  const { left, right, top } = DOORWAY;
  const posts = [
    { from: [left - 0.16, 0, 3.92], to: [left, top + 0.16, 4.2] },
    { from: [right, 0, 3.92], to: [right + 0.16, top + 0.16, 4.2] },
    { from: [left, top, 3.92], to: [right, top + 0.16, 4.2] },
  ] as const;
  return posts.map((post) =>
    block(scene, 'door post', { ...post, material: planks, tile: 1.5, solid: 'wood' }),
  );
}

function buildBeams(scene: Scene, { planks }: Materials): Mesh[] {
  const { left, right, height, back } = ROOM;
  const beams = [-4.6, -1.4, 1.8].map((z) => {
    const [from, to] = [
      [left, height - 0.3, z - 0.15] as const,
      [right, height, z + 0.15] as const,
    ];
    return block(scene, 'beam', { from, to, material: planks, tile: 2.6 });
  });
  const rail = { from: [left, 3.72, back - 0.1], to: [right, 3.86, back] } as const;
  return [...beams, block(scene, 'wall rail', { ...rail, material: planks, tile: 2 })];
}
