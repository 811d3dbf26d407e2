/** The house as it is seen from the yard: the outer face of its wall, a snowy roof, a chimney. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { block } from '../room/block.ts';
import { boxProject } from '../room/box-project.ts';
import { DOORWAY, HEARTH, ROOM, WINDOW } from '../room/room.ts';
import type { Materials } from '../surfaces/materials.ts';
import { merged } from './merged.ts';
import { YARD } from './plan.ts';

/** Outer faces of the side walls. */
const SIDES = { left: ROOM.left - 0.45, right: ROOM.right + 0.45 } as const;

/** @returns what the yard's lights shine on. */
export function buildHouse(scene: Scene, materials: Materials): Mesh[] {
  return [
    buildFacade(scene, materials),
    buildWings(scene, materials),
    buildRoof(scene, materials),
    buildEaves(scene, materials),
    buildChimney(scene, materials),
  ];
}

/** A skin on the back wall: what is lit outside is not what is lit inside. */
function buildFacade(scene: Scene, { masonry }: Materials): Mesh {
  const top = ROOM.height + 0.2;
  const pieces: [x0: number, x1: number, y0: number, y1: number][] = [
    [SIDES.left, WINDOW.left, 0, top],
    [WINDOW.left, WINDOW.right, 0, WINDOW.bottom],
    [WINDOW.left, WINDOW.right, WINDOW.top, top],
    [WINDOW.right, DOORWAY.left, 0, top],
    [DOORWAY.left, DOORWAY.right, DOORWAY.top, top],
    [DOORWAY.right, SIDES.right, 0, top],
  ];
  const skins = pieces.map(([x0, x1, y0, y1]) => {
    const [from, to] = [[x0, y0, YARD.near - 0.02] as const, [x1, y1, YARD.near + 0.03] as const];
    return block(scene, 'facade', { from, to, material: masonry, tile: 2.2 });
  });
  return merged('facade', skins);
}

/** The yard is wider than the house: low walls close it on both sides, and carry bodies and eyes. */
function buildWings(scene: Scene, { masonry }: Materials): Mesh {
  const spans = [
    [YARD.left - 0.3, SIDES.left],
    [SIDES.right, YARD.right + 0.3],
  ] as const;
  const walls = spans.map(([x0, x1]) => {
    const [from, to] = [[x0, -0.1, 4] as const, [x1, 2.1, YARD.near] as const];
    const hull = block(scene, 'yard wall', { from, to, material: masonry, solid: 'stone' });
    hull.isVisible = false;
    return block(scene, 'yard wall', { from, to, material: masonry, tile: 2.2 });
  });
  return merged('yard walls', walls);
}

function buildRoof(scene: Scene, { snow }: Materials): Mesh {
  const roof = CreateBox('roof', { width: 12.6, height: 0.22, depth: 8.6 }, scene);
  boxProject(roof, 2.5);
  roof.position = new Vector3(0, 5.86, 1.55);
  roof.rotation.x = 0.38;
  roof.material = snow;
  roof.isPickable = false;
  roof.freezeWorldMatrix();
  return roof;
}

/** Rafters' ends and the board under the snow. */
function buildEaves(scene: Scene, { planks }: Materials): Mesh {
  const ends = Array.from({ length: 9 }, (_, i) => {
    const x = -5.8 + i * 1.45;
    const [from, to] = [[x - 0.08, 4.16, 4.4] as const, [x + 0.08, 4.34, 5.35] as const];
    return block(scene, 'rafter', { from, to, material: planks, tile: 1.5 });
  });
  const board = { from: [-6.25, 4.14, 5.34], to: [6.25, 4.36, 5.42] } as const;
  return merged('eaves', [
    ...ends,
    block(scene, 'eave', { ...board, material: planks, tile: 2 }),
    block(scene, 'soffit', {
      from: [-6.25, 4.34, 4.4],
      to: [6.25, 4.38, 5.4],
      material: planks,
      tile: 2,
    }),
  ]);
}

/** Behind the hearth, up past the roof. */
function buildChimney(scene: Scene, { masonry }: Materials): Mesh {
  const [left, right] = [HEARTH.left - 0.35, HEARTH.right + 0.35];
  const hull = { from: [left, 0, 4.4], to: [right, 3, 5.12], solid: 'stone' } as const;
  block(scene, 'chimney', { ...hull, material: masonry }).isVisible = false;
  const stones = [
    { from: [left, -0.1, 4.4], to: [right, 3, 5.12] },
    { from: [left + 0.5, 3, 4.4], to: [right - 0.5, 6.6, 5.1] },
    { from: [left + 0.4, 6.6, 4.3], to: [right - 0.4, 6.85, 5.2] },
  ] as const;
  return merged(
    'chimney',
    stones.map((stone) => block(scene, 'chimney', { ...stone, material: masonry, tile: 1.6 })),
  );
}
