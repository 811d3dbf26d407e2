/** Token packs as files. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BakedTake } from '../../runtime/contract.ts';
import { messageOf, TokenPackError } from '../../runtime/errors.ts';
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import { bytesSource, openTokenPack, type TokenPack } from '../../runtime/token-pack.ts';
import { writeWhole } from '../files/write-whole.ts';

/**
 * @param path as the user wrote it: messages name it so
 * @throws TokenPackError also where the file is longer than its pack
 */
export async function openPackFile(path: string): Promise<TokenPack> {
  const bytes = await readFile(resolve(path)).catch((error: unknown) => {
    throw new TokenPackError(
      `token-pack: ${path} cannot be read: ${messageOf(error)}. Check its path.`,
    );
  });
  const pack = await openTokenPack(bytesSource(bytes, path));
  const size = pack.bytes.index + pack.bytes.codes;
  if (bytes.length <= size) return pack;
  throw new TokenPackError(
    `token-pack: ${path}, byte ${size}: expected the end, found ${bytes.length - size} bytes more. Copy the file again, whole and unchanged.`,
  );
}

/** All of it, in its order. @throws TokenPackError with the byte where codes are damaged */
export async function readTakes(kernels: Kernels, pack: TokenPack): Promise<BakedTake[]> {
  const takes: BakedTake[] = [];
  for (const sound of pack.sounds) {
    takes.push({ ...sound, codes: await pack.readCodes(kernels, sound) });
  }
  return takes;
}

/** Whole or not at all. @param path as the user wrote it */
export async function writePackFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(resolve(path), bytes).catch((error: unknown) => {
    throw new Error(
      `token-pack: ${path} cannot be written: ${messageOf(error)}. Choose another place.`,
    );
  });
}
