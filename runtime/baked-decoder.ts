/**
 * Codes of a token pack and what finishing found → the very PCM that the pipeline gave. No language model, no text encoder.
 *
 *   BakedTake ── codec's decoder ──▶ PCM as decoded ── applyFinish: cut, fades or seam, gain, limit ──▶ Take
 */
import type { BakedTake, Take } from './contract.ts';
import { createWasmCodecDecoder, type WasmCodecDecoder } from './engines/wasm-codec-decoder.ts';
import { TokenPackError } from './errors.ts';
import { applyFinish, FINISHING } from './finishing.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { ModelManifest } from './model-manifest.ts';
import {
  type Bytes,
  type LoadFileOptions,
  type OpenPackOptions,
  openModelPack,
  type PackSource,
} from './model-pack.ts';
import { readTensors } from './safetensors.ts';
import { createStopwatch } from './stopwatch.ts';
import { packInfoOf, type TokenPack, type TokenPackInfo } from './token-pack.ts';

export interface BakedDecoder {
  /**
   * @returns a take of source 'baked' and of id 0, whose seed is the one that was asked for
   * @throws RangeError for codes or a plan that do not fit each other
   */
  decode(take: BakedTake): Promise<Take>;
}

export interface DecoderPack {
  manifest: ModelManifest;
  /** decoder.safetensors */
  weights: Bytes;
}

const WEIGHTS = 'decoder.safetensors';
/** What a codec and its codes have in common. */
const SHAPE = [
  'codecHash',
  'sampleRate',
  'codecFrameRate',
  'numCodebooks',
  'codebookSize',
] as const;
/** What the first sound takes beside the weights; the memory grows by itself if it takes more. */
const ROOM = 4 * 2 ** 20;

/**
 * Reads model.json and the decoder's weights, and nothing else of a model pack.
 * @throws ModelPackError, AbortError
 */
export async function openDecoderPack(
  source: PackSource,
  options: OpenPackOptions & LoadFileOptions = {},
): Promise<DecoderPack> {
  const pack = await openModelPack(source, options);
  const files = await pack.load([WEIGHTS], options);
  return { manifest: pack.manifest, weights: files[WEIGHTS] };
}

/**
 * @param kernels keep the weights from now on
 * @throws ModelPackError that names the tensor if one is missing or of another shape
 */
export function createBakedDecoder(
  kernels: Kernels,
  manifest: ModelManifest,
  decoderWeights: Bytes,
): BakedDecoder {
  kernels.memory.expect(decoderWeights.length + ROOM);
  const codec = createWasmCodecDecoder(kernels, manifest, readTensors(decoderWeights, WEIGHTS));
  const { sampleRate, numCodebooks } = manifest;
  return {
    async decode(take) {
      checkCodes(take, manifest);
      const { soundKey, spec, codes, plan, model, licence } = take;
      const watch = createStopwatch({});

      // 6. codes → PCM f32 [T · sampleRate / codecFrameRate]
      const rawPcm = await decodeAll(codec, take);
      watch.lap('decodeMs');

      // 7. PCM → as it was finished when it was baked
      const how = { ...FINISHING, sampleRate, loop: spec.loop };
      const { pcm, loop } = applyFinish(kernels, rawPcm, plan, how);
      watch.lap('finishMs');
      return {
        ...{ id: 0, soundKey, prompt: spec.prompt, seed: spec.seed, source: 'baked' },
        ...{ pcm, sampleRate, codes, numCodebooks, model, licence },
        ...(loop && { loop }),
        timings: watch.timings(0),
      };
    },
  };
}

/** @throws TokenPackError that names both codecs, where the pack's codes are of another */
export function checkCodec({ info, place }: TokenPack, manifest: ModelManifest): void {
  const own = packInfoOf(manifest);
  if (SHAPE.every((field) => info[field] === own[field])) return;
  const shapeOf = (of: TokenPackInfo) => SHAPE.map((field) => `${field} ${of[field]}`).join(', ');
  throw new TokenPackError(
    `baked-decoder: ${place} is of another codec: expected ${shapeOf(own)} (${manifest.name}), found ${shapeOf(info)}. ` +
      'Bake it with this model, or load the model that it was baked with.',
  );
}

async function decodeAll(
  codec: WasmCodecDecoder,
  { codes, codecFrames }: BakedTake,
): Promise<Float32Array> {
  const stream = codec.open();
  try {
    return await stream.push(codes, codecFrames, true);
  } finally {
    stream.dispose();
  }
}

/** The kernels look codes up without asking whether they are there. */
function checkCodes({ codes, codecFrames, sound }: BakedTake, manifest: ModelManifest): void {
  const { numCodebooks, codebookSize } = manifest;
  const count = numCodebooks * codecFrames;
  const fits = codecFrames >= 1 && codes.length === count;
  if (fits && codes.every((code) => code < codebookSize)) return;
  throw new RangeError(
    `baked-decoder: '${sound}' should have ${count} codes below ${codebookSize}, we got ${codes.length}, the largest ${codes.reduce((a, b) => Math.max(a, b), 0)}. Take the codes that its token pack holds.`,
  );
}
