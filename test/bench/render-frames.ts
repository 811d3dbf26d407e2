/**
 * What generation costs the picture: the time between two rendered images of an empty Babylon scene, in a page.
 *
 *   offMs, offP95Ms    nothing is generated
 *   onMs, onP95Ms      one sound of 1 s after the other is generated, and nothing is played
 *   ratio              onP95Ms ÷ offP95Ms; goal 1.1
 *   soundsPerSecond    what is generated at the pace that the picture allows
 *
 * Milliseconds of wall clock. Off and on take turns, so that both meet the same machine.
 */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { createFoley } from '../../plugin/engines/babylon.ts';
import type { RuntimeClient } from '../../runtime/client.ts';
import { median, percentile } from './measure.ts';

export interface RenderFigures {
  offMs: number;
  offP95Ms: number;
  onMs: number;
  onP95Ms: number;
  ratio: number;
  soundsPerSecond: number;
}

const PHASE_MS = 4000;
/** At the beginning of a phase: the one before still has its effects. */
const SETTLE_MS = 500;

/** @param rounds of a phase off and a phase on, 9 s together. */
export async function measureRenderFrames(
  modelUrl: string,
  rounds: number,
): Promise<RenderFigures> {
  const { engine, scene } = createEmptyScene();
  const foley = await createFoley(scene, { model: modelUrl, persist: false });
  const { runtime } = foley;
  await runtime.generate({ prompt: 'glass breaks' }); // loads the model
  const off: number[] = [];
  const on: number[] = [];
  let sounds = 0;
  for (let round = 0; round < rounds; round++) {
    off.push(...(await recordPhase(scene)));
    const stop = new AbortController();
    const made = generateUntil(stop.signal, runtime, round);
    on.push(...(await recordPhase(scene)));
    stop.abort();
    sounds += await made;
  }
  await foley.dispose();
  engine.dispose();
  const [offP95Ms, onP95Ms] = [percentile(off, 0.95), percentile(on, 0.95)];
  return {
    ...{ offMs: median(off), offP95Ms, onMs: median(on), onP95Ms },
    ratio: onP95Ms / offP95Ms,
    soundsPerSecond: sounds / ((rounds * (SETTLE_MS + PHASE_MS)) / 1000),
  };
}

export function createSmallEngine(): Engine {
  return new Engine(document.body.appendChild(document.createElement('canvas')));
}

function createEmptyScene(): { engine: Engine; scene: Scene } {
  const engine = createSmallEngine();
  const scene = new Scene(engine);
  new FreeCamera('camera', Vector3.Zero(), scene);
  engine.runRenderLoop(() => scene.render());
  return { engine, scene };
}

/** @returns milliseconds between two render frames, one after the other. */
async function recordPhase(scene: Scene): Promise<number[]> {
  await wait(SETTLE_MS);
  const intervals: number[] = [];
  let last = performance.now();
  const observer = scene.onBeforeRenderObservable.add(() => {
    const now = performance.now();
    intervals.push(now - last);
    last = now;
  });
  await wait(PHASE_MS);
  scene.onBeforeRenderObservable.remove(observer);
  return intervals.slice(1);
}

/** @returns how many sounds were made. */
async function generateUntil(
  signal: AbortSignal,
  runtime: RuntimeClient,
  round: number,
): Promise<number> {
  const prompt = 'metal crate hits stone hard';
  let made = 0;
  while (!signal.aborted) {
    const request = { prompt, duration: 1, seed: 1000 * round + made };
    try {
      await runtime.generate(request, { signal });
      made++;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return made;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
