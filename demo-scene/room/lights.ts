/** Three lights with shadows, warm and cold: the fire, the moon through the window, a lantern on the beam. */
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';

import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { PointLight } from '@babylonjs/core/Lights/pointLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import { SpotLight } from '@babylonjs/core/Lights/spotLight.js';
import { RenderTargetTexture } from '@babylonjs/core/Materials/Textures/renderTargetTexture.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Scene } from '@babylonjs/core/scene.js';

const { REFRESHRATE_RENDER_ONCE, REFRESHRATE_RENDER_ONEVERYFRAME } = RenderTargetTexture;

export interface Lights {
  fire: SpotLight;
  moon: SpotLight;
  lantern: SpotLight;
  ambient: HemisphericLight;
  halo: PointLight;
  addCaster(mesh: AbstractMesh): void;
  removeCaster(mesh: AbstractMesh): void;
}

interface SpotOptions {
  position: Vector3;
  target: Vector3;
  /** Full cone in radians. */
  angle: number;
  exponent: number;
  colour: string;
  intensity: number;
}

export const LANTERN_POSITION = new Vector3(1.1, 2.95, -0.6);

export function createLights(scene: Scene, withShadows: boolean): Lights {
  const fire = spot(scene, 'fire light', {
    position: new Vector3(-3.2, 0.75, 4.25),
    target: new Vector3(-1.4, 0.5, 0),
    angle: 2.5,
    exponent: 1,
    colour: '#ff8436',
    intensity: 330,
  });
  const moon = spot(scene, 'moon light', {
    position: new Vector3(2.2, 8.2, 11.5),
    target: new Vector3(-0.1, 0, 0.4),
    angle: 0.62,
    exponent: 1,
    colour: '#8fb8ff',
    intensity: 2600,
  });
  const lantern = spot(scene, 'lantern light', {
    position: LANTERN_POSITION,
    target: new Vector3(1.1, 0, -0.5),
    angle: 2.3,
    exponent: 2,
    colour: '#ffc27a',
    intensity: 110,
  });
  const ambient = new HemisphericLight('ambient', new Vector3(0.1, 1, -0.4), scene);
  ambient.diffuse = Color3.FromHexString('#8497b8').toLinearSpace();
  ambient.groundColor = Color3.FromHexString('#4a3322').toLinearSpace();
  ambient.intensity = 0.95;
  const halo = new PointLight('lantern halo', LANTERN_POSITION, scene);
  halo.diffuse = lantern.diffuse;
  halo.specular = Color3.Black();
  halo.intensity = 34;
  const generators = withShadows ? [fire, moon, lantern].map(createShadows) : [];
  const casters = new Set<AbstractMesh>();
  drawShadowsWhenNeeded(scene, generators, casters);
  return {
    fire,
    moon,
    lantern,
    ambient,
    halo,
    addCaster: (mesh) => {
      casters.add(mesh);
      for (const generator of generators) generator.addShadowCaster(mesh);
    },
    removeCaster: (mesh) => {
      casters.delete(mesh);
      for (const generator of generators) generator.removeShadowCaster(mesh);
    },
  };
}

function spot(scene: Scene, name: string, options: SpotOptions): SpotLight {
  const { position, target, angle, exponent, colour, intensity } = options;
  const direction = target.subtract(position).normalize();
  const light = new SpotLight(name, position, direction, angle, exponent, scene);
  light.diffuse = Color3.FromHexString(colour).toLinearSpace();
  light.specular = light.diffuse;
  light.intensity = intensity;
  light.shadowMinZ = 0.15;
  light.shadowMaxZ = 20;
  return light;
}

function createShadows(light: SpotLight): ShadowGenerator {
  const shadows = new ShadowGenerator(1024, light);
  shadows.usePercentageCloserFiltering = true;
  shadows.filteringQuality = ShadowGenerator.QUALITY_MEDIUM;
  shadows.bias = 0.00012;
  shadows.normalBias = 0.012;
  return shadows;
}

/** Shadows are drawn anew only while something that casts them moves, comes or goes. */
function drawShadowsWhenNeeded(
  scene: Scene,
  generators: readonly ShadowGenerator[],
  casters: ReadonlySet<AbstractMesh>,
): void {
  let drawn = Number.NaN;
  let still = 0;
  scene.onBeforeRenderObservable.add(() => {
    let sum = casters.size;
    for (const { absolutePosition: at, absoluteRotationQuaternion: turn } of casters) {
      sum += at.x + 3 * at.y + 7 * at.z + 11 * turn.x + 13 * turn.y + 17 * turn.z;
    }
    // At first materials are still being prepared, and shadows with them.
    still = sum === drawn && scene.isReady() ? still + 1 : 0;
    drawn = sum;
    if (still > 3) return;
    const rate = still === 3 ? REFRESHRATE_RENDER_ONCE : REFRESHRATE_RENDER_ONEVERYFRAME;
    for (const generator of generators) {
      const map = generator.getShadowMap();
      if (map) map.refreshRate = rate;
    }
  });
}
