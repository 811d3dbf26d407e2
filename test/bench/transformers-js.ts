/**
 * The reference of the bench: what transformers.js does with a language model of foley-tiny's shape, in Node and in a page.
 *
 *   codesPerSecond   K codes a step × steps ÷ seconds that `generate` takes for 2 s of sound, median over the rounds
 *   dtype            the faster of DTYPES; `byDtype` has both
 *
 * K codebooks. The model is scripts/bench-musicgen.mjs's: random weights, a text encoder and a codec that cost nothing.
 * transformers.js takes the engine that it finds at Symbol.for('onnxruntime') as its own. It gets ours, onnxruntime-web's WASM
 * build on one thread: the same on both sides of the comparison, in Node too, and in Chromium no slower than the build that it
 * brings. So package.json's `overrides` put small packages in the place of its own engines and of sharp, which are never run:
 * 155 MB less to download, and nothing that downloads more while it is installed.
 */
import type {
  MusicgenForConditionalGeneration,
  PreTrainedTokenizer,
} from '@huggingface/transformers';
import type * as Ort from 'onnxruntime-web';

export interface TransformersJsSubject {
  /** Of 'onnxruntime-web' in Node, 'onnxruntime-web/wasm' in a page. */
  ort: typeof Ort;
  /** Folder of its .wasm file with a slash at the end; in Node it knows. */
  ortUrl?: string;
  /** Folder or URL path that `musicgen/` lies in, with a slash at the end. */
  models: string;
}

/** What transformers.js calls them; q8 is int8. */
export type Dtype = 'fp32' | 'q8';

export interface TransformersJsFigures {
  codesPerSecond: number;
  dtype: Dtype;
  byDtype: Record<Dtype, number>;
  /** Of transformers.js. */
  version: string;
}

export interface Generated {
  /** [K, T], row-major; T codec frames. */
  codes: Float32Array;
  /** T + K − 1. */
  steps: number;
  ms: number;
}

export type GenerateCodes = (prompt: string, codecFrames: number) => Promise<Generated>;

const PROMPT = 'heavy wooden door slams in a stone hall';
const CODEC_FRAMES = 100;
const CODEBOOKS = 4;
/** By then the engine's WASM is compiled with optimisation. */
const WARM_UP_ROUNDS = 3;
const DTYPES = ['fp32', 'q8'] as const;

/** @param rounds to measure with each dtype, after some that warm up. */
export async function measureTransformersJs(
  subject: TransformersJsSubject,
  rounds = 5,
): Promise<TransformersJsFigures> {
  const byDtype = { fp32: 0, q8: 0 };
  for (const dtype of DTYPES) byDtype[dtype] = await measureDtype(subject, dtype, rounds);
  const dtype = byDtype.q8 > byDtype.fp32 ? 'q8' : 'fp32';
  const { env } = await loadLibrary(subject);
  return { codesPerSecond: byDtype[dtype], dtype, byDtype, version: env.version };
}

async function measureDtype(subject: TransformersJsSubject, dtype: Dtype, rounds: number) {
  const { generate, dispose } = await openMusicgen(subject, dtype);
  const figures: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const { steps, ms } = await generate(PROMPT, CODEC_FRAMES);
    if (round >= WARM_UP_ROUNDS) figures.push((CODEBOOKS * steps * 1000) / ms);
  }
  await dispose();
  return figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

/** transformers.js as its documentation has it, with sampling and guidance of generation_config.json. */
export async function openMusicgen(
  subject: TransformersJsSubject,
  dtype: Dtype,
): Promise<{ generate: GenerateCodes; dispose: () => Promise<unknown> }> {
  const library = await loadLibrary(subject);
  const tokenizer: PreTrainedTokenizer = await library.AutoTokenizer.from_pretrained('musicgen');
  const model = (await library.MusicgenForConditionalGeneration.from_pretrained('musicgen', {
    dtype: { text_encoder: 'fp32', decoder_model_merged: dtype, encodec_decode: 'fp32' },
    // With an engine from outside it knows the name of no device: the session is told.
    device: 'auto',
    session_options: { executionProviders: ['wasm'] },
  })) as MusicgenForConditionalGeneration;
  const generate: GenerateCodes = async (prompt, codecFrames) => {
    const steps = codecFrames + CODEBOOKS - 1;
    const began = performance.now();
    const values = await model.generate({ ...tokenizer(prompt), max_new_tokens: steps });
    const ms = performance.now() - began;
    return { codes: (values as { data: Float32Array }).data, steps, ms };
  };
  return { generate, dispose: () => model.dispose() };
}

/** Nothing from another origin, nothing kept. */
async function loadLibrary({ ort, ortUrl, models }: TransformersJsSubject) {
  Object.assign(globalThis, { [Symbol.for('onnxruntime')]: ort });
  const library = await import('@huggingface/transformers');
  // After the import, which would have its .wasm file from a content delivery network.
  Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: ortUrl });
  Object.assign(library.env, {
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: models,
    useBrowserCache: false,
    useWasmCache: false,
  });
  return library;
}
