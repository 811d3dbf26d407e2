/** Outside: an evening behind the window and rain in front of it. */
import '@babylonjs/core/Particles/particleSystemComponent.js';

import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { ParticleSystem } from '@babylonjs/core/Particles/particleSystem.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { WINDOW } from './room.ts';
import { eveningTexture, streakTexture } from './sprites.ts';

export interface Rain {
  /** The window pane: where the sound comes from. */
  mesh: Mesh;
  isFalling: boolean;
  setFalling(falling: boolean): void;
}

export function createWeather(scene: Scene): Rain {
  hangEvening(scene);
  const system = createRain(scene);
  const rain: Rain = {
    mesh: createPane(scene),
    isFalling: false,
    setFalling: (falling) => {
      rain.isFalling = falling;
      falling ? system.start() : system.stop();
    },
  };
  return rain;
}

function hangEvening(scene: Scene): void {
  const backdrop = CreatePlane('evening', { width: 30, height: 15 }, scene);
  backdrop.position = new Vector3(1, 3, 13);
  const material = new StandardMaterial('evening', scene);
  material.emissiveTexture = eveningTexture(scene);
  material.disableLighting = true;
  backdrop.material = material;
  backdrop.isPickable = false;
}

function createPane(scene: Scene): Mesh {
  const width = WINDOW.right - WINDOW.left;
  const height = WINDOW.top - WINDOW.bottom;
  const pane = CreatePlane('window pane', { width, height }, scene);
  pane.position = new Vector3(WINDOW.left + width / 2, WINDOW.bottom + height / 2, 4.21);
  const glass = new StandardMaterial('glass', scene);
  glass.diffuseColor = Color3.FromHexString('#7fa0c8');
  glass.specularColor = new Color3(0.5, 0.55, 0.6);
  glass.alpha = 0.08;
  pane.material = glass;
  pane.isPickable = false;
  return pane;
}

function createRain(scene: Scene): ParticleSystem {
  const rain = new ParticleSystem('rain', 900, scene);
  rain.particleTexture = streakTexture(scene);
  rain.emitter = new Vector3(1, 5.2, 7);
  rain.minEmitBox = new Vector3(-5, 0, -1.9);
  rain.maxEmitBox = new Vector3(5, 0, 2.5);
  rain.direction1 = new Vector3(-0.5, -9, 0);
  rain.direction2 = new Vector3(-0.8, -11, 0);
  rain.minEmitPower = 1;
  rain.maxEmitPower = 1;
  rain.minLifeTime = 0.55;
  rain.maxLifeTime = 0.7;
  rain.emitRate = 700;
  rain.minSize = 0.3;
  rain.maxSize = 0.5;
  rain.minScaleX = 0.08;
  rain.maxScaleX = 0.14;
  rain.color1 = new Color4(0.85, 0.92, 1, 0.9);
  rain.color2 = new Color4(0.7, 0.82, 1, 0.7);
  rain.colorDead = rain.color2;
  rain.billboardMode = ParticleSystem.BILLBOARDMODE_STRETCHED;
  rain.blendMode = ParticleSystem.BLENDMODE_ADD;
  rain.updateSpeed = 1 / 60;
  rain.preWarmCycles = 60;
  return rain;
}
