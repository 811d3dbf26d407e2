/**
 * Engine, scene, cameras and the render loop: the empty stage that house and yard are built on.
 * The world moves in steps of 1/60 s, however often it is drawn: the same deeds at the same steps, the same world.
 */
import '@babylonjs/core/Culling/ray.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import '@babylonjs/core/Physics/v2/physicsEngineComponent.js';

import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import havokUrl from '@babylonjs/havok/lib/esm/HavokPhysics.wasm?url';

export interface Stage {
  engine: Engine;
  scene: Scene;
  /** From outside the open side, into the hall. */
  overview: ArcRotateCamera;
  /** The eyes of whoever walks. */
  eyes: FreeCamera;
  quality: Quality;
}

/** 'low': no shadows, half the pixels, small pictures; for slow machines and for tests. */
export type Quality = 'high' | 'low';

/** Of the world, in seconds. */
export const STEP = 1 / 60;
const MAX_STEPS = 4;

/** @throws Error when the browser has no WebGL or the physics engine cannot be fetched. */
export async function createStage(canvas: HTMLCanvasElement, quality: Quality): Promise<Stage> {
  const engine = createEngine(canvas, quality);
  const scene = new Scene(engine);
  // Below 20 images a second particles move slower rather than in leaps: they would all be born and die in one.
  Scene.MaxDeltaTime = 50;
  scene.clearColor = new Color4(0.012, 0.014, 0.02, 1);
  scene.ambientColor = Color3.Black();
  const havok = await HavokPhysics({ locateFile: () => havokUrl });
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, havok));
  const overview = createOverview(scene);
  const eyes = createEyes(scene);
  scene.activeCamera = overview;
  return { engine, scene, overview, eyes, quality };
}

function createEngine(canvas: HTMLCanvasElement, quality: Quality): Engine {
  try {
    const engine = new Engine(canvas, quality === 'high', {
      stencil: false,
      powerPreference: 'high-performance',
      deterministicLockstep: true,
      lockstepMaxSteps: MAX_STEPS,
      timeStep: STEP,
    });
    const sharp = 1 / Math.min(globalThis.devicePixelRatio || 1, 1.5);
    engine.setHardwareScalingLevel(quality === 'high' ? sharp : 2);
    return engine;
  } catch (cause) {
    const advice = 'Switch on hardware acceleration, or try another browser.';
    throw new Error(`demo: this browser shows no WebGL. ${advice}`, { cause });
  }
}

/** Radians, vertical. */
const FIELD_OF_VIEW = 0.74;
const EYES_FIELD_OF_VIEW = 1.02;

/** May turn and come nearer, but never leaves through a wall. */
function createOverview(scene: Scene): ArcRotateCamera {
  const target = new Vector3(0.15, 1.3, 1);
  const camera = new ArcRotateCamera('overview', -Math.PI / 2 + 0.06, 1.37, 8.4, target, scene);
  camera.fov = FIELD_OF_VIEW;
  camera.minZ = 0.1;
  camera.maxZ = 70;
  camera.lowerAlphaLimit = -Math.PI / 2 - 0.55;
  camera.upperAlphaLimit = -Math.PI / 2 + 0.55;
  camera.lowerBetaLimit = 1;
  camera.upperBetaLimit = 1.53;
  camera.lowerRadiusLimit = 4;
  camera.upperRadiusLimit = 9.5;
  camera.wheelDeltaPercentage = 0.01;
  camera.pinchDeltaPercentage = 0.01;
  camera.panningSensibility = 0;
  camera.attachControl(true);
  return camera;
}

/** Moved by walk/, never by itself. */
function createEyes(scene: Scene): FreeCamera {
  const eyes = new FreeCamera('eyes', new Vector3(0.4, 1.62, -2.9), scene);
  eyes.inputs.clear();
  eyes.minZ = 0.08;
  eyes.maxZ = 70;
  return eyes;
}

/** Narrow screens see the same width of the room: the view angle is then horizontal and the camera steps back. */
function fitCameras({ engine, overview, eyes }: Stage): void {
  const aspect = engine.getRenderWidth() / Math.max(1, engine.getRenderHeight());
  for (const [camera, usual, wanted] of [
    [overview, FIELD_OF_VIEW, 1.3],
    [eyes, EYES_FIELD_OF_VIEW, 0.8],
  ] as const) {
    const wide = 2 * Math.atan((Math.tan(usual / 2) * wanted) / aspect);
    camera.fov = aspect >= wanted ? usual : Math.min(1.3, wide);
  }
}

export interface Rendering {
  /** Nothing is drawn and nothing moves; what was drawn last stays. */
  setPaused(paused: boolean): void;
}

/** Runs until the engine is disposed. Stops drawing while the page is hidden, as browsers do by themselves. */
export function startRendering(stage: Stage): Rendering {
  const { engine, scene } = stage;
  const resize = () => {
    engine.resize();
    fitCameras(stage);
  };
  const observer = new ResizeObserver(resize);
  const canvas = engine.getRenderingCanvas();
  if (canvas) observer.observe(canvas);
  engine.onDisposeObservable.addOnce(() => observer.disconnect());
  resize();
  let isPaused = false;
  engine.runRenderLoop(() => {
    if (!isPaused) scene.render();
  });
  return {
    setPaused: (paused) => {
      isPaused = paused;
    },
  };
}
