/** Around the yard: a fence that keeps crates and visitors in, firs behind it, a lamp on its post. */
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { block } from '../room/block.ts';
import type { Materials } from '../surfaces/materials.ts';
import { hash } from '../surfaces/noise.ts';
import { merged } from './merged.ts';
import { LAMP, YARD } from './plan.ts';

/** @returns what the yard's lights shine on. */
export function buildSurroundings(scene: Scene, materials: Materials): Mesh[] {
  keepIn(scene, materials);
  return [buildFence(scene, materials), plantFirs(scene, materials), raiseLamp(scene, materials)];
}

/** Walls that are not seen, higher than anybody throws. */
function keepIn(scene: Scene, { planks }: Materials): void {
  const { left, right, near, far } = YARD;
  const walls = [
    { from: [left - 0.4, 0, near], to: [left, 7, far] },
    { from: [right, 0, near], to: [right + 0.4, 7, far] },
    { from: [left - 0.4, 0, far], to: [right + 0.4, 7, far + 0.4] },
  ] as const;
  for (const wall of walls) {
    const mesh = block(scene, 'fence', { ...wall, material: planks, solid: 'wood' });
    mesh.isVisible = false;
    mesh.isPickable = false;
  }
}

function buildFence(scene: Scene, { planks }: Materials): Mesh {
  const { left, right, near, far } = YARD;
  const bars: Mesh[] = [];
  const bar = (from: [number, number, number], to: [number, number, number]) =>
    bars.push(block(scene, 'fence', { from, to, material: planks, tile: 1.2 }));
  for (const y of [0.45, 0.85]) {
    bar([left, y, near], [left + 0.05, y + 0.1, far]);
    bar([right - 0.05, y, near], [right, y + 0.1, far]);
    bar([left, y, far - 0.05], [right, y + 0.1, far]);
  }
  for (let z = near + 0.6; z < far; z += 1.7) {
    for (const x of [left, right]) bar([x - 0.07, -0.1, z - 0.07], [x + 0.07, 1.15, z + 0.07]);
  }
  for (let x = left; x <= right + 0.01; x += 1.7) {
    bar([x - 0.07, -0.1, far - 0.07], [x + 0.07, 1.15 + 0.1 * hash(x, 1, 500), far + 0.07]);
  }
  return merged('fence', bars);
}

/** Three cones each; where they stand is always the same. */
function plantFirs(scene: Scene, { needles }: Materials): Mesh {
  const cones: Mesh[] = [];
  for (let i = 0; i < 26; i++) {
    const around = (i / 26) * Math.PI * 1.25 - 0.35;
    const distance = 1 + 0.9 * hash(i, 1, 510);
    const x = 12.5 * Math.cos(around) * distance;
    const z = 9.5 + 10 * Math.sin(around) * distance;
    // None beside the house, none between the window and the moon.
    if (z < 3 || Math.abs(x + 0.6) < 2.8) continue;
    const height = 3.4 + 3.4 * hash(i, 2, 510);
    for (const level of [0, 1, 2]) cones.push(cone(scene, x, z, height, level));
  }
  const firs = merged('firs', cones);
  firs.material = needles;
  return firs;
}

function cone(scene: Scene, x: number, z: number, height: number, level: number): Mesh {
  const diameterBottom = height * (0.5 - 0.13 * level);
  const options = { height: height * 0.46, diameterBottom, diameterTop: 0, tessellation: 11 };
  const mesh = CreateCylinder('fir', options, scene);
  mesh.position.set(x, height * (0.33 + 0.25 * level), z);
  mesh.rotation.set(0.03 * level, x + level, 0);
  return mesh;
}

function raiseLamp(scene: Scene, { iron }: Materials): Mesh {
  const { x, z, height } = LAMP;
  const part = (tall: number, bottom: number, top: number, y: number, tessellation = 8) => {
    const size = { height: tall, diameterBottom: bottom, diameterTop: top, tessellation };
    const mesh = CreateCylinder('lamp', size, scene);
    mesh.position.set(x, y, z);
    mesh.material = iron;
    return mesh;
  };
  const flame = CreateSphere('lamp flame', { diameter: 0.24, segments: 10 }, scene);
  flame.position.set(x, height, z);
  const glow = new StandardMaterial('lamp flame', scene);
  glow.emissiveColor = new Color3(1, 0.74, 0.38);
  glow.disableLighting = true;
  flame.material = glow;
  flame.isPickable = false;
  const hull = { from: [x - 0.08, 0, z - 0.08], to: [x + 0.08, height, z + 0.08] } as const;
  block(scene, 'lamp post', { ...hull, material: iron, solid: 'metal' }).isVisible = false;
  return merged('lamp post', [
    part(height - 0.2, 0.12, 0.07, height / 2 - 0.1),
    part(0.3, 0.24, 0.16, 0.15),
    part(0.05, 0.26, 0.3, height - 0.16, 6),
    part(0.2, 0.46, 0.06, height + 0.24, 6),
  ]);
}
