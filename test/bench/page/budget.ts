/** What generation costs the game, in a page: the render frames, a busy scene, the main thread. Babylon is loaded only for the first two. */
import type { BusyFigures } from '../busy-scene.ts';
import type { RenderFigures } from '../render-frames.ts';

declare global {
  /** @param rounds of 9 s. */
  var runRenderFrames: (rounds: number) => Promise<RenderFigures>;
  /** @param seconds of it. */
  var runBusyScene: (seconds: number) => Promise<BusyFigures>;
  /** To be traced, see main-thread.mjs. */
  var runMainThread: () => Promise<void>;
}

export function exposeBudget(modelUrl: string): void {
  globalThis.runRenderFrames = async (rounds) => {
    const { measureRenderFrames } = await import('../render-frames.ts');
    return measureRenderFrames(modelUrl, rounds);
  };
  globalThis.runBusyScene = async (seconds) => {
    const [{ measureBusyScene }, { createSmallEngine }] = await Promise.all([
      import('../busy-scene.ts'),
      import('../render-frames.ts'),
    ]);
    const engine = createSmallEngine();
    const foley = { model: modelUrl, persist: false };
    return measureBusyScene({ engine, foley, seconds }).finally(() => engine.dispose());
  };
  globalThis.runMainThread = async () => {
    const { exerciseMainThread } = await import('../main-thread.ts');
    await exerciseMainThread(modelUrl);
  };
}
