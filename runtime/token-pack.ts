/**
 * Token pack (`.foley`): baked sounds in one file, as codes. Runs in Node, in pages and in workers alike.
 *
 *   takes ── writeTokenPack ──▶ preamble │ header │ index │ codes, bit-packed      docs/token-pack.md has every byte
 *                                  └────── openTokenPack ──────┘     └─ readCodes: one sound at a time
 *
 * A pack comes from anywhere: it is read as data, nothing is trusted, and memory stays within a few times its own size.
 */
import type { BakedSound } from './contract.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { ByteSource } from './token-pack/byte-source.ts';
import { createSoundFinder, type SoundFinder } from './token-pack/find-sound.ts';
import type { TokenPackInfo } from './token-pack/info.ts';
import { readCodesAt, readContents } from './token-pack/open-pack.ts';

export { type ByteSource, bytesSource } from './token-pack/byte-source.ts';
export { createSoundFinder, type SoundFinder } from './token-pack/find-sound.ts';
export { codesBytes, packInfoOf, type TokenPackInfo } from './token-pack/info.ts';
export { writeTokenPack } from './token-pack/write-pack.ts';

export interface TokenPack {
  /** Where it was read from. */
  readonly place: string;
  readonly info: TokenPackInfo;
  /** In the file's order. */
  readonly sounds: readonly BakedSound[];
  /** `index` is all but the codes. */
  readonly bytes: { readonly index: number; readonly codes: number };
  readonly find: SoundFinder;
  /**
   * @param sound one of `sounds`, or a copy of one
   * @returns u16 [numCodebooks, codecFrames], row-major
   * @throws TokenPackError with the byte where they are not there or not as written; what the source throws
   */
  readCodes(kernels: Kernels, sound: BakedSound): Promise<Uint16Array>;
}

/** Reads header and index alone. @throws TokenPackError with the byte where it goes wrong; what the source throws */
export async function openTokenPack(source: ByteSource): Promise<TokenPack> {
  const { info, places, indexBytes, codesBytes } = await readContents(source);
  const sounds = places.map(({ sound }) => sound);
  const byKey = new Map(places.map((place) => [place.sound.soundKey, place]));
  return {
    place: source.place,
    info,
    sounds,
    bytes: { index: indexBytes, codes: codesBytes },
    find: createSoundFinder(info, sounds),
    async readCodes(kernels, sound) {
      const place = byKey.get(sound.soundKey);
      if (place !== undefined) return readCodesAt(kernels, source, place, info);
      throw new RangeError(
        `token-pack: ${source.place} has no codes of sound key ${sound.soundKey} ('${sound.sound}'). Take a sound of this pack.`,
      );
    },
  };
}
