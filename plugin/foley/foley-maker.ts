/** What makes the takes of a foley: its runtime, behind packs where there are any. Their code is fetched then (foley-packs.ts). */
import type { Logger, RuntimeClient } from '../../runtime/client.ts';
import type { FoleyOptions } from './foley-options.ts';
import type { FoleyMaker } from './foley-packs.ts';

/** @throws RangeError for bad options */
export async function makerOf(
  options: FoleyOptions,
  runtime: RuntimeClient,
  logger: Logger,
): Promise<FoleyMaker> {
  const { baked, live } = options;
  if (baked !== undefined) {
    const { openPacks } = await import('./foley-packs.ts');
    return openPacks(baked, {
      model: options.model,
      runtime: live === false ? null : runtime,
      logger,
    });
  }
  if (live !== false) return { maker: runtime, dispose: async () => {} };
  throw new RangeError('foley: live is false and nothing is baked. Name packs in `baked`.');
}
