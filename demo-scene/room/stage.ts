/** Engine, scene, camera and the render loop: the empty stage that the room is built on. */
import '@babylonjs/core/Culling/ray.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import '@babylonjs/core/Physics/v2/physicsEngineComponent.js';

import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
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
  camera: ArcRotateCamera;
}

/** @throws Error when the browser has no WebGL or the physics engine cannot be fetched. */
export async function createStage(canvas: HTMLCanvasElement): Promise<Stage> {
  const engine = createEngine(canvas);
  const scene = new Scene(engine);
  // Below 20 images a second particles move slower rather than in leaps: they would all be born and die in one.
  Scene.MaxDeltaTime = 50;
  scene.clearColor = new Color4(0.012, 0.014, 0.02, 1);
  scene.ambientColor = Color3.Black();
  const havok = await HavokPhysics({ locateFile: () => havokUrl });
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, havok));
  const camera = createCamera(scene);
  return { engine, scene, camera };
}

function createEngine(canvas: HTMLCanvasElement): Engine {
  try {
    const engine = new Engine(canvas, true, {
      stencil: false,
      powerPreference: 'high-performance',
    });
    engine.setHardwareScalingLevel(1 / Math.min(globalThis.devicePixelRatio || 1, 1.5));
    return engine;
  } catch (cause) {
    const advice = 'Switch on hardware acceleration, or try another browser.';
    throw new Error(`demo: this browser shows no WebGL. ${advice}`, { cause });
  }
}

/** Radians, vertical. */
const FIELD_OF_VIEW = 0.74;

/** Looks into the room from the open side; may turn and come nearer, but never leaves through a wall. */
function createCamera(scene: Scene): ArcRotateCamera {
  const target = new Vector3(0.15, 1.3, 1);
  const camera = new ArcRotateCamera('camera', -Math.PI / 2 + 0.06, 1.37, 8.4, target, scene);
  camera.fov = FIELD_OF_VIEW;
  camera.minZ = 0.1;
  camera.maxZ = 60;
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

/** Narrow screens see the same width of the room: the view angle is then horizontal and the camera steps back. */
export function fitCamera({ engine, camera }: Stage): void {
  const aspect = engine.getRenderWidth() / Math.max(1, engine.getRenderHeight());
  const wanted = 1.3;
  camera.fov =
    aspect >= wanted
      ? FIELD_OF_VIEW
      : Math.min(1.3, 2 * Math.atan((Math.tan(FIELD_OF_VIEW / 2) * wanted) / aspect));
}

/** Runs until the engine is disposed. Stops drawing while the page is hidden, as browsers do by themselves. */
export function startRendering(stage: Stage): void {
  const resize = () => {
    stage.engine.resize();
    fitCamera(stage);
  };
  const observer = new ResizeObserver(resize);
  const canvas = stage.engine.getRenderingCanvas();
  if (canvas) observer.observe(canvas);
  stage.engine.onDisposeObservable.addOnce(() => observer.disconnect());
  resize();
  stage.engine.runRenderLoop(() => stage.scene.render());
}
