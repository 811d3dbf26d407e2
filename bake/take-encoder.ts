/**
 * A take → the files that hold it, as bytes: in this thread, or in one of take-pool.ts.
 *
 *   { take, formats } ── codec's decoder ──▶ PCM ─┬─ wav  ──▶ bytes
 *                        opened with the first    ├─ flac ──▶ bytes      in the order of `formats`
 *                                                 └─ opus ──▶ bytes
 *
 * Same take, same bytes, in whichever thread. Nothing is written here.
 */
import {
  type BakedDecoder,
  createBakedDecoder,
  openDecoderPack,
} from '../runtime/baked-decoder.ts';
import type { BakedTake } from '../runtime/contract.ts';
import { messageOf, throwIfAborted } from '../runtime/errors.ts';
import { loadKernels } from '../runtime/kernels/kernels.ts';
import { type FileFormat, writeAssets } from './formats.ts';
import { modelSource } from './node-pipeline.ts';

/** A take, and what to make of it. */
export interface EncodeOrder {
  take: BakedTake;
  formats: readonly FileFormat[];
}

/** @throws ModelPackError, AbortError, and Error that names the take */
export type EncodeTake = (
  order: EncodeOrder,
  signal?: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>[]>;

/**
 * @param model path or file: URL of the pack's folder
 * @param write for tests: another encoder
 */
export function createTakeEncoder(model: string, write = writeAssets): EncodeTake {
  let decoder: Promise<BakedDecoder> | undefined;
  return async ({ take, formats }, signal) => {
    decoder ??= openDecoder(model);
    const decoded = await (await decoder).decode(take);
    const files: Uint8Array<ArrayBuffer>[] = [];
    for (const format of formats) {
      throwIfAborted(signal, 'take-encoder');
      const bytes = await write(format, decoded, take).catch((error) => {
        throw named(take, format, error);
      });
      files.push(bytes);
    }
    return files;
  };
}

async function openDecoder(model: string): Promise<BakedDecoder> {
  const { manifest, weights } = await openDecoderPack(modelSource(model));
  return createBakedDecoder(await loadKernels(), manifest, weights);
}

function named({ sound, spec }: BakedTake, format: FileFormat, error: unknown): Error {
  return new Error(
    `take-encoder: '${spec.prompt}' (sound '${sound}', seed ${spec.seed}) cannot be made ${format}: ${messageOf(error)}`,
    { cause: error },
  );
}
