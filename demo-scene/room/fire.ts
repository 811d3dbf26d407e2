/** The fire: flames, sparks and a light that flickers. It can be put out and lit again. */
import '@babylonjs/core/Particles/particleSystemComponent.js';

import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { ParticleSystem } from '@babylonjs/core/Particles/particleSystem.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Materials } from '../surfaces/materials.ts';
import { fbm } from '../surfaces/noise.ts';
import type { Lights } from './lights.ts';
import { HEARTH } from './room.ts';
import { glowTexture } from './sprites.ts';
import { tag } from './tags.ts';

export interface Fire {
  /** Where the sound comes from. */
  mesh: Mesh;
  isLit: boolean;
  setLit(lit: boolean): void;
}

export interface FireOptions {
  scene: Scene;
  materials: Materials;
  lights: Lights;
  /** Steady light for people who asked their system for less motion. */
  calm: boolean;
}

const CENTRE = new Vector3((HEARTH.left + HEARTH.right) / 2, 0.26, 4.38);

export function createFire({ scene, materials, lights, calm }: FireOptions): Fire {
  stackLogs(scene, materials);
  const mesh = createSeat(scene);
  const flames = createFlames(scene, mesh);
  const sparks = createSparks(scene, mesh);
  const fullIntensity = lights.fire.intensity;
  let glow = 1;
  const fire: Fire = {
    mesh,
    isLit: true,
    setLit: (lit) => {
      fire.isLit = lit;
      for (const system of [flames, sparks]) lit ? system.start() : system.stop();
    },
  };
  fire.setLit(true);
  scene.onBeforeRenderObservable.add(() => {
    const seconds = performance.now() / 1000;
    const dt = Math.min(0.1, scene.getEngine().getDeltaTime() / 1000);
    glow += ((fire.isLit ? 1 : 0) - glow) * Math.min(1, dt * 3);
    const flicker = calm ? 1 : 0.74 + 0.52 * fbm(seconds * 0.04, 0.5, 64, 1, 3, 300);
    lights.fire.intensity = fullIntensity * glow * flicker;
  });
  return fire;
}

/** What flames and sparks rise from: unseen, upright. */
function createSeat(scene: Scene): Mesh {
  const seat = CreateBox('fire', { size: 0.1 }, scene);
  seat.position.copyFrom(CENTRE);
  seat.isVisible = false;
  seat.isPickable = false;
  seat.metadata = { role: 'fire' };
  return seat;
}

/** Three logs, crossed. */
function stackLogs(scene: Scene, { planks }: Materials): void {
  for (const [i, turn] of [0.5, -0.45, 1.6].entries()) {
    const log = CreateCylinder('log', { height: 1.05, diameter: 0.19, tessellation: 14 }, scene);
    log.position = CENTRE.add(new Vector3(i === 2 ? 0 : 0.1 - 0.2 * i, i * 0.1 - 0.05, 0));
    log.rotation.set(Math.PI / 2, turn + Math.PI / 2, 0);
    log.material = planks;
    tag(log, 'wood', 'fire');
  }
}

function createFlames(scene: Scene, seat: Mesh): ParticleSystem {
  const flames = new ParticleSystem('flames', 160, scene);
  flames.particleTexture = glowTexture(scene);
  flames.emitter = seat;
  flames.minEmitBox = new Vector3(-0.42, 0, -0.12);
  flames.maxEmitBox = new Vector3(0.42, 0.06, 0.12);
  flames.direction1 = new Vector3(-0.12, 1, -0.06);
  flames.direction2 = new Vector3(0.12, 1.5, 0.06);
  flames.addColorGradient(0, new Color4(1, 0.72, 0.3, 0));
  flames.addColorGradient(0.12, new Color4(1, 0.74, 0.34, 0.9));
  flames.addColorGradient(0.5, new Color4(1, 0.42, 0.1, 0.7));
  flames.addColorGradient(1, new Color4(0.5, 0.1, 0.02, 0));
  flames.addSizeGradient(0, 0.34, 0.48);
  flames.addSizeGradient(1, 0.08, 0.16);
  setLife(flames, { from: 0.35, to: 0.75, rate: 170, power: [0.7, 1.15] });
  return flames;
}

function createSparks(scene: Scene, seat: Mesh): ParticleSystem {
  const sparks = new ParticleSystem('sparks', 40, scene);
  sparks.particleTexture = glowTexture(scene);
  sparks.emitter = seat;
  sparks.minEmitBox = new Vector3(-0.3, 0.1, -0.1);
  sparks.maxEmitBox = new Vector3(0.3, 0.2, 0.1);
  sparks.direction1 = new Vector3(-0.4, 1.2, -0.7);
  sparks.direction2 = new Vector3(0.4, 2.2, 0.1);
  sparks.gravity = new Vector3(0, 0.3, 0);
  sparks.addColorGradient(0, new Color4(1, 0.75, 0.35, 1));
  sparks.addColorGradient(1, new Color4(1, 0.2, 0.02, 0));
  sparks.minSize = 0.012;
  sparks.maxSize = 0.03;
  setLife(sparks, { from: 0.5, to: 1.2, rate: 9, power: [0.4, 0.9] });
  return sparks;
}

interface Life {
  /** Seconds. */
  from: number;
  to: number;
  /** Particles a second. */
  rate: number;
  power: [number, number];
}

function setLife(system: ParticleSystem, { from, to, rate, power }: Life): void {
  system.minLifeTime = from;
  system.maxLifeTime = to;
  system.emitRate = rate;
  [system.minEmitPower, system.maxEmitPower] = power;
  system.blendMode = ParticleSystem.BLENDMODE_ADD;
  system.updateSpeed = 1 / 60;
  system.preWarmCycles = 90;
}
