/** Token packs for tests of the player: seeded codes of the tiny model's codec, with plans that finishing can apply. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BakedTake } from '../../../runtime/contract.ts';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { folderSource } from '../../../runtime/pack-source.ts';
import type { PlayerSources } from '../../../runtime/player/player-service.ts';
import {
  bytesSource,
  packInfoOf,
  type TokenPackInfo,
  writeTokenPack,
} from '../../../runtime/token-pack.ts';
import { root } from '../../support/source-files.ts';
import { bakedTake } from '../baked-takes.ts';
import { TINY_PACK } from '../tiny-pack.ts';

const manifest = JSON.parse(readFileSync(join(root, TINY_PACK, 'model.json'), 'utf8'));

/** Of the tiny model. */
export const TINY_INFO: TokenPackInfo = packInfoOf(manifest);

/** Seeds 0 to `count` − 1 of one prompt, the last a loop. */
export function tinyTakes(count: number, prompt = 'wooden door slams'): BakedTake[] {
  return Array.from({ length: count }, (_, seed) =>
    bakedTake({ prompt, seed, duration: 0.2, loop: seed === count - 1 }, TINY_INFO),
  );
}

export async function tinyPack(takes: readonly BakedTake[], changes = {}): Promise<Uint8Array> {
  return writeTokenPack(await loadKernels(), { ...TINY_INFO, ...changes }, takes);
}

export interface ServedPacks extends PlayerSources {
  /** Ranges of packs that were read. */
  readonly read: { place: string; from: number; to: number }[];
  /** Files of the model that were read. */
  readonly files: string[];
  /** Called with the logger when a pack is opened. */
  onOpen: (logger: Logger) => void;
  /** Awaited before each piece is handed out. */
  before: () => Promise<void>;
}

/** Packs by their URL, in memory, and the tiny model from its folder. */
export function servePacks(packs: Record<string, Uint8Array>): ServedPacks {
  const model = folderSource(join(root, TINY_PACK), async (path) => readFileSync(path));
  const served: ServedPacks = {
    read: [],
    files: [],
    onOpen: () => {},
    before: async () => {},
    loadKernels,
    async openPack(place, _range, logger) {
      served.onOpen(logger);
      const bytes = packs[place];
      if (bytes === undefined) throw new Error(`player: ${place} cannot be read: HTTP 404.`);
      const source = bytesSource(bytes, place);
      return {
        ...{ place, isWhole: false },
        async read(from, to) {
          served.read.push({ place, from, to });
          await served.before();
          return source.read(from, to);
        },
      };
    },
    openModelCache: () => undefined,
    openModel: () => ({
      ...model,
      read(file, options) {
        served.files.push(file);
        return model.read(file, options);
      },
    }),
  };
  return served;
}
