/** What generation costs the game, in a page: the render frames and the main thread. Babylon is loaded only for the first. */
import type { RenderFigures } from '../render-frames.ts';

declare global {
  /** @param rounds of 9 s. */
  var runRenderFrames: (rounds: number) => Promise<RenderFigures>;
  /** To be traced, see main-thread.mjs. */
  var runMainThread: () => Promise<void>;
}

export function exposeBudget(modelUrl: string): void {
  globalThis.runRenderFrames = async (rounds) => {
    const { measureRenderFrames } = await import('../render-frames.ts');
    return measureRenderFrames(modelUrl, rounds);
  };
  globalThis.runMainThread = async () => {
    const { exerciseMainThread } = await import('../main-thread.ts');
    await exerciseMainThread(modelUrl);
  };
}
