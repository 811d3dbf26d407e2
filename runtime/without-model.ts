/**
 * `scenefoley/without-model`: stands in for `client.ts` in builds of games that only play what is baked, so that bundlers find no
 * worker of the model and no onnxruntime. The build plugin puts it there (bake/rollup/without-model.ts), or an alias does.
 */
import type { RuntimeClient } from './client.ts';

/** @throws Error, always */
export function createRuntimeClient(): RuntimeClient {
  throw new Error(
    "foley: this build was made without the model (ship: 'decoder', or an alias to scenefoley/without-model). " +
      "Build it with ship: 'all' or { at: … }, or say live: false.",
  );
}
