/**
 * The runtime of a foley. Nobody else imports the code of its client: a game without the model never fetches it, and bundlers leave
 * it out together with the worker that it starts (scenefoley/without-model).
 *
 *   runtime: yours  ──▶ yours                      live: false ──▶ no-runtime.ts
 *   else            ──▶ import('runtime/client.ts') ──▶ one of our own
 */
import type { Logger, RuntimeClient } from '../../runtime/client.ts';
import { clientOptions, type FoleyOptions } from './foley-options.ts';
import { createNoRuntime } from './no-runtime.ts';

/** @throws Error where the code cannot be fetched, or is not in the build */
export async function runtimeOf(options: FoleyOptions, logger: Logger): Promise<RuntimeClient> {
  if (options.runtime !== undefined) return options.runtime;
  if (options.live === false) return createNoRuntime();
  const { createRuntimeClient } = await fetchCode();
  return createRuntimeClient(clientOptions({ ...options, logger }));
}

/** Begins to fetch the code where it will be needed, for whoever has other things to make first. */
export function fetchRuntime({ runtime, live }: FoleyOptions): void {
  if (runtime === undefined && live !== false) fetchCode().catch(() => {}); // runtimeOf says why
}

function fetchCode() {
  return import('../../runtime/client.ts');
}
