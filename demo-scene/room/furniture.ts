/** A lantern on the beam and a gramophone on its table: the light above the crates, the mouth of the prompt box. */

import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Materials } from '../surfaces/materials.ts';
import { LANTERN_POSITION, type Lights } from './lights.ts';
import { ROOM } from './room.ts';
import { tag } from './tags.ts';

export function hangLantern(scene: Scene, { iron }: Materials): void {
  const { x, y, z } = LANTERN_POSITION;
  const flame = CreateSphere('lantern flame', { diameter: 0.13, segments: 12 }, scene);
  flame.position = new Vector3(x, y + 0.1, z);
  flame.scaling.y = 1.5;
  const glow = new StandardMaterial('lantern glow', scene);
  glow.emissiveColor = new Color3(1, 0.78, 0.42);
  glow.disableLighting = true;
  flame.material = glow;
  const part = (name: string, height: number, diameter: number, dy: number, top = diameter) => {
    const options = { height, diameterBottom: diameter, diameterTop: top, tessellation: 6 };
    const mesh = CreateCylinder(name, options, scene);
    mesh.position = new Vector3(x, y + dy, z);
    mesh.material = iron;
    return mesh;
  };
  part('lantern roof', 0.14, 0.34, 0.34, 0.05);
  part('lantern base', 0.04, 0.3, -0.08);
  part('chain', ROOM.height - y - 0.4, 0.02, (ROOM.height - y) / 2 + 0.2);
  for (let i = 0; i < 6; i++) {
    const rod = part('lantern rod', 0.36, 0.018, 0.1);
    rod.position.x += 0.14 * Math.cos((i * Math.PI) / 3);
    rod.position.z += 0.14 * Math.sin((i * Math.PI) / 3);
  }
}

/** Returns the horn: prompts typed by hand are heard from there. */
export function placeGramophone(scene: Scene, materials: Materials, lights: Lights): Mesh {
  const [x, z] = [2.15, 3.2];
  const legs = CreateCylinder('table', { height: 0.7, diameter: 0.62, tessellation: 8 }, scene);
  legs.position = new Vector3(x, 0.35, z);
  legs.material = materials.planks;
  const top = CreateCylinder(
    'table top',
    { height: 0.06, diameter: 0.82, tessellation: 40 },
    scene,
  );
  top.position = new Vector3(x, 0.73, z);
  top.material = materials.planks;
  const chest = CreateBox('gramophone', { width: 0.46, height: 0.2, depth: 0.46 }, scene);
  chest.position = new Vector3(x, 0.86, z);
  chest.material = materials.door;
  const disc = CreateCylinder('record', { height: 0.015, diameter: 0.4, tessellation: 40 }, scene);
  disc.position = new Vector3(x, 0.97, z);
  disc.material = materials.iron;
  const horn = createHorn(scene, materials);
  horn.position = new Vector3(x + 0.12, 1.02, z + 0.14);
  horn.rotation = new Vector3(-0.95, 0.3, 0);
  for (const mesh of [legs, top, chest, horn]) {
    lights.addCaster(mesh);
    mesh.receiveShadows = true;
    tag(mesh, 'wood', 'gramophone');
  }
  for (const mesh of [legs, top, chest]) {
    new PhysicsAggregate(mesh, PhysicsShapeType.CONVEX_HULL, { mass: 0, friction: 0.6 }, scene);
  }
  return horn;
}

/** A brass trumpet turned on the lathe, 0.75 m long. */
function createHorn(scene: Scene, { brass }: Materials): Mesh {
  const profile: Vector3[] = [];
  for (let i = 0; i <= 24; i++) {
    const t = i / 24;
    profile.push(new Vector3(0.025 + 0.08 * t + 0.25 * t ** 5, 0.75 * t, 0));
  }
  const options = { shape: profile, tessellation: 40, sideOrientation: Mesh.DOUBLESIDE };
  const horn = CreateLathe('horn', options, scene);
  horn.material = brass;
  return horn;
}
