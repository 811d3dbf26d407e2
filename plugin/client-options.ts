/** What of a foley's options is the runtime's. */
import type { RuntimeClientOptions } from '../runtime/client.ts';
import type { FoleyOptions } from './foley.ts';

export function clientOptions(options: FoleyOptions): RuntimeClientOptions {
  const { model, device, ortUrl, persist, workerFactory, logger } = options;
  return {
    modelUrl: model,
    ...(device === undefined ? {} : { device }),
    ...(ortUrl === undefined ? {} : { ortUrl }),
    ...(persist === undefined ? {} : { persist }),
    ...(workerFactory === undefined ? {} : { workerFactory }),
    ...(logger === undefined ? {} : { logger }),
  };
}
