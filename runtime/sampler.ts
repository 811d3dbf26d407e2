/**
 * Logits of one step → one code per codebook, for engines that hand out logits. Everything that decides a code is
 * computed in WASM (assemblyscript/sample.ts), so the same request gives the same codes in every JavaScript engine.
 *
 * B batch (row 0 the prompt, row 1 the null condition), K codebooks, V codebook size.
 */
import type { Arena, KernelExports, Kernels } from './kernels/kernels.ts';

export interface SamplerSize {
  numCodebooks: number;
  codebookSize: number;
}

export interface SampleOptions {
  /** ≥ 1; 1 is off. Not used when the batch is 1. */
  guidanceScale: number;
  /** ≥ 0; 0 takes the likeliest code. */
  temperature: number;
  /** 0 to V; 0 is off. */
  topK: number;
  /** 0 to 1; 0 or 1 is off. */
  topP: number;
  /** uint32. */
  seed: number;
  /** 0-based. */
  step: number;
}

export interface Sampler {
  /**
   * @param logits f32 [batch, K, V]
   * @param out u16 [K]
   * @throws RangeError if a logit is NaN or infinite, or a size does not fit; `out` is then unchanged.
   */
  sample(logits: Float32Array, batch: 1 | 2, options: SampleOptions, out: Uint16Array): void;
}

/** Addresses in the kernels' memory. */
interface Room {
  logits: number;
  entries: number;
  work: number;
  weights: number;
  block: number;
}

export function createSampler(kernels: Kernels, size: SamplerSize): Sampler {
  return {
    sample(logits, batch, options, out) {
      checkSizes(size, logits, batch, out);
      const codes = kernels.scratch((arena) => {
        const room = reserveRoom(arena, logits.length, size.codebookSize);
        arena.f32(room.logits, logits.length).set(logits);
        return Uint16Array.from({ length: size.numCodebooks }, (_, codebook) =>
          sampleCodebook(kernels.call, room, { ...size, ...options, batch, codebook }),
        );
      });
      out.set(codes);
    },
  };
}

function reserveRoom(arena: Arena, numLogits: number, codebookSize: number): Room {
  return {
    logits: arena.reserve(4 * numLogits),
    entries: arena.reserve(8 * codebookSize),
    work: arena.reserve(8 * codebookSize + 1024),
    weights: arena.reserve(4 * codebookSize),
    block: arena.reserve(16),
  };
}

type CodebookOptions = SamplerSize & SampleOptions & { batch: 1 | 2; codebook: number };

function sampleCodebook(call: KernelExports, room: Room, options: CodebookOptions): number {
  const { numCodebooks, codebookSize, codebook, temperature, topK, topP } = options;
  const cond = room.logits + 4 * codebook * codebookSize;
  const uncond = options.batch === 2 ? cond + 4 * numCodebooks * codebookSize : 0;
  const code = call.sampleCodebook(
    ...([cond, uncond, codebookSize, options.guidanceScale, temperature, topK, topP] as const),
    ...([options.seed, options.step, codebook] as const),
    ...([room.entries, room.work, room.weights, room.block] as const),
  );
  if (code < 0) throw notFinite(codebook, options.step);
  return code;
}

function checkSizes(
  { numCodebooks, codebookSize }: SamplerSize,
  logits: Float32Array,
  batch: 1 | 2,
  out: Uint16Array,
): void {
  const wanted = batch * numCodebooks * codebookSize;
  if (logits.length === wanted && out.length === numCodebooks) return;
  throw new RangeError(
    `sampler: ${batch} × ${numCodebooks} × ${codebookSize} logits and ${numCodebooks} codes are ` +
      `wanted, we got ${logits.length} and ${out.length}. Check model.json against the model's files.`,
  );
}

/** What NaN or Infinity among the logits is. */
export function notFinite(codebook: number, step: number): RangeError {
  return new RangeError(
    `sampler: the logits of codebook ${codebook} at step ${step} hold NaN or Infinity. ` +
      'Check the model files, or lower guidanceScale.',
  );
}
