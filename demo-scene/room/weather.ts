/** Rain: around whoever is outside, in front of the window for whoever is not. */
import '@babylonjs/core/Particles/particleSystemComponent.js';

import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { ParticleSystem } from '@babylonjs/core/Particles/particleSystem.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { ROOM, WINDOW } from './room.ts';
import { streakTexture } from './sprites.ts';

export interface Rain {
  isFalling: boolean;
  setFalling(falling: boolean): void;
}

/** Metres from the wall: nearer, the eaves keep it off. */
const DRY = 1.2;

export function createWeather(scene: Scene): Rain {
  createPane(scene);
  const cloud = createCloud(scene);
  const system = createRain(scene, cloud);
  const rain: Rain = {
    isFalling: false,
    setFalling: (falling) => {
      rain.isFalling = falling;
      falling ? system.start() : system.stop();
    },
  };
  return rain;
}

/** Where rain comes from, and its sound: above the ear, but never above the house. */
function createCloud(scene: Scene): Mesh {
  const cloud = CreateBox('rain', { size: 0.1 }, scene);
  cloud.isVisible = false;
  cloud.isPickable = false;
  cloud.metadata = { role: 'rain' };
  scene.onBeforeRenderObservable.add(() => {
    const eye = scene.activeCamera?.globalPosition;
    if (!eye) return;
    const wall = ROOM.back + DRY;
    const outside = eye.z > wall;
    cloud.position.x = Math.min(6, Math.max(-6, outside ? eye.x : 0.5 * (eye.x + 1)));
    cloud.position.y = outside ? 5.2 : 2.4;
    cloud.position.z = Math.max(wall + 1.2, eye.z);
  });
  return cloud;
}

function createPane(scene: Scene): void {
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
}

function createRain(scene: Scene, cloud: Mesh): ParticleSystem {
  const rain = new ParticleSystem('rain', 900, scene);
  rain.particleTexture = streakTexture(scene);
  rain.emitter = cloud;
  rain.startPositionFunction = (world, position) => {
    const { x, z } = world.getTranslation();
    position.set(
      x - 5 + 10 * Math.random(),
      5.2,
      Math.max(ROOM.back + DRY, z - 4 + 8 * Math.random()),
    );
  };
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
