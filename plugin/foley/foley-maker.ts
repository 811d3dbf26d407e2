/**
 * What makes the takes of a foley: its runtime, behind packs where there are any. The code of both is fetched where it is needed,
 * at once.
 *
 *   foley-runtime.ts ──┬──────────────────▶ maker
 *                      └▶ foley-packs.ts ─▶
 */
import type { Logger, RuntimeClient } from '../../runtime/client.ts';
import type { SoundMaker } from '../takes/sound-maker.ts';
import type { FoleyOptions } from './foley-options.ts';
import { runtimeOf } from './foley-runtime.ts';

export interface FoleyMaker {
  readonly maker: SoundMaker;
  /** The foley's, whether anything is asked of it or not. */
  readonly runtime: RuntimeClient;
  /** What is the game's own stays. Idempotent. */
  dispose(): Promise<void>;
}

/** @throws RangeError for bad options; Error where code cannot be fetched */
export async function makerOf(options: FoleyOptions, logger: Logger): Promise<FoleyMaker> {
  if (options.baked === undefined && options.live === false) {
    throw new RangeError('foley: live is false and nothing is baked. Name packs in `baked`.');
  }
  const [runtime, openPacks] = await Promise.all([
    runtimeOf(options, logger),
    packOpener(options, logger),
  ]);
  const packs = openPacks?.(runtime);
  return {
    maker: packs?.maker ?? runtime,
    runtime,
    async dispose() {
      await packs?.dispose();
      if (options.runtime === undefined) await runtime.dispose();
    },
  };
}

/** @returns null: there are none. */
async function packOpener({ baked, live, model }: FoleyOptions, logger: Logger) {
  if (baked === undefined) return null;
  const { openPacks } = await import('./foley-packs.ts');
  return (own: RuntimeClient) => {
    const runtime = live === false ? null : own;
    return openPacks(baked, { model, runtime, logger });
  };
}
