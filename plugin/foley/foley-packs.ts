/**
 * The packs of a foley and who plays them. Nobody else imports this: a game without packs never fetches it.
 *
 *   baked: '/sounds.foley'   ──▶ createPlayer ──▶ Player ──▶ baked-first.ts
 *   baked: player            ───────────────────▶ Player ──▶      "           stays its owner's
 */
import type { Logger } from '../../runtime/client.ts';
import { createPlayer, type Player } from '../../runtime/player.ts';
import { type BakedFirstParts, createBakedFirst } from '../takes/baked-first.ts';
import type { SoundMaker } from '../takes/sound-maker.ts';
import type { FoleyOptions } from './foley-options.ts';

export interface FoleyPacks {
  readonly maker: SoundMaker;
  /** Not the runtime. Idempotent. */
  dispose(): Promise<void>;
}

type Baked = NonNullable<FoleyOptions['baked']>;

/** Takes are kept on this side (takes.ts): a player of our own keeps hardly any. */
const CACHE_BYTES = 2 ** 20;

interface PacksParts extends Pick<BakedFirstParts, 'runtime'>, Pick<FoleyOptions, 'model'> {
  logger: Logger;
}

/** Begins to open them. @throws RangeError for bad options */
export function openPacks(baked: Baked, { model, runtime, logger }: PacksParts): FoleyPacks {
  const isOurs = !isPlayer(baked);
  const own = { model, logger, cacheBytes: CACHE_BYTES };
  const player = isOurs ? createPlayer({ ...own, packs: baked }) : baked;
  return {
    maker: createBakedFirst({ player, runtime, warn: logger.warn }),
    async dispose() {
      if (isOurs) await player.dispose();
    },
  };
}

function isPlayer(baked: Baked): baked is Player {
  return typeof baked === 'object' && 'take' in baked;
}
