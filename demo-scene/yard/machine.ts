/** A machine on its grate: the faster it runs, the faster its flywheel turns and its lamp glows. */
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { block } from '../room/block.ts';
import { boxProject } from '../room/box-project.ts';
import { tag } from '../room/tags.ts';
import type { Materials } from '../surfaces/materials.ts';
import { merged } from './merged.ts';
import { MACHINE } from './plan.ts';

export interface Machine {
  /** Where the sound comes from. */
  mesh: Mesh;
  /** 0 stands still, 1 as fast as it can. */
  readonly speed: number;
  setSpeed(speed: number): void;
  /** Called whenever the speed was set. */
  onSpeed?: (speed: number) => void;
}

/** Radians a second at full speed. */
const FASTEST = 15;

export function createMachine(
  scene: Scene,
  materials: Materials,
): { machine: Machine; lit: Mesh[] } {
  const { x, z } = MACHINE;
  const hull = { from: [x - 0.8, 0, z - 0.55], to: [x + 0.8, 1.5, z + 0.55] } as const;
  const mesh = block(scene, 'machine', { ...hull, material: materials.iron, solid: 'metal' });
  mesh.isVisible = false;
  tag(mesh, 'metal', 'machine');
  const body = buildBody(scene, materials);
  const wheel = buildWheel(scene, materials);
  const lamp = buildLamp(scene);
  const machine = {
    mesh,
    speed: 0,
    setSpeed(speed: number) {
      machine.speed = Math.min(1, Math.max(0, speed));
      lamp.emissiveColor.set(0.12 + 0.9 * machine.speed, 0.1 + 0.5 * machine.speed, 0.05);
      machine.onSpeed?.(machine.speed);
    },
  } as { -readonly [F in keyof Machine]: Machine[F] };
  let turning = 0;
  scene.onBeforeStepObservable.add(() => {
    turning += (machine.speed - turning) * 0.02;
    if (turning > 0.001) wheel.rotation.x += (turning * FASTEST) / 60;
  });
  return { machine, lit: [...body, wheel] };
}

function buildBody(scene: Scene, { crateMetal, iron }: Materials): Mesh[] {
  const { x, z } = MACHINE;
  const engine = CreateBox('machine body', { width: 1.1, height: 0.8, depth: 0.9 }, scene);
  engine.position.set(x - 0.1, 0.55, z);
  boxProject(engine, 0.8);
  const bed = CreateBox('machine bed', { width: 1.6, height: 0.16, depth: 1.1 }, scene);
  bed.position.set(x, 0.08, z);
  boxProject(bed, 0.8);
  for (const part of [engine, bed]) part.material = crateMetal;
  const tube = (height: number, diameter: number, at: Vector3, tilt = 0) => {
    const mesh = CreateCylinder('machine tube', { height, diameter, tessellation: 18 }, scene);
    mesh.position = at;
    mesh.rotation.z = tilt;
    mesh.material = iron;
    return mesh;
  };
  const tubes = [
    tube(0.9, 0.5, new Vector3(x - 0.1, 1.05, z), Math.PI / 2),
    tube(1.3, 0.16, new Vector3(x - 0.42, 1.7, z + 0.1)),
    tube(0.1, 0.26, new Vector3(x - 0.42, 2.35, z + 0.1)),
    tube(0.5, 0.1, new Vector3(x + 0.6, 0.85, z), Math.PI / 2),
  ];
  return [merged('machine body', [engine, bed]), merged('machine tubes', tubes)];
}

function buildWheel(scene: Scene, { iron }: Materials): Mesh {
  const rim = CreateTorus('rim', { diameter: 1.05, thickness: 0.1, tessellation: 30 }, scene);
  rim.rotation.z = Math.PI / 2;
  const spokes = [0, 1, 2].map((i) => {
    const spoke = CreateBox('spoke', { width: 0.05, height: 1, depth: 0.06 }, scene);
    spoke.rotation.x = (i * Math.PI) / 3;
    return spoke;
  });
  const hub = CreateCylinder('hub', { height: 0.16, diameter: 0.18, tessellation: 14 }, scene);
  hub.rotation.z = Math.PI / 2;
  const wheel = merged('flywheel', [rim, ...spokes, hub]);
  wheel.unfreezeWorldMatrix();
  wheel.material = iron;
  wheel.position.set(MACHINE.x + 0.82, 0.85, MACHINE.z);
  return wheel;
}

function buildLamp(scene: Scene): StandardMaterial {
  const lamp = CreateSphere('machine lamp', { diameter: 0.1, segments: 8 }, scene);
  lamp.position.set(MACHINE.x - 0.1, 0.8, MACHINE.z - 0.46);
  lamp.isPickable = false;
  const material = new StandardMaterial('machine lamp', scene);
  material.emissiveColor = new Color3(0.12, 0.1, 0.05);
  material.disableLighting = true;
  lamp.material = material;
  return material;
}
