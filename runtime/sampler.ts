/**
 * Logits of one step → one code per codebook. Everything that decides a code is computed in WASM, so the
 * same request gives the same codes in every JavaScript engine.
 *
 *   logits f32 [B, K, V]
 *     → guidance        uncond + (cond − uncond) · guidanceScale     B = 2 only
 *     → temperature 0   the likeliest, the lowest of equals
 *     → order           by probability, equals by index
 *     → top-k           exactly k
 *     → softmax         weights exp(−gap)
 *     → top-p           the fewest that hold at least p
 *     → draw            inverse CDF at the uniform of (seed, step, codebook)
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
  const { entries, weights } = room;
  const logits = room.logits + 4 * codebook * codebookSize;

  // 1. guidance, in place of the conditional logits
  if (options.batch === 2) {
    const uncond = logits + 4 * numCodebooks * codebookSize;
    call.mixGuidance(logits, uncond, logits, codebookSize, options.guidanceScale);
  }

  // 2. the likeliest; it is all there is to do at temperature 0 (or one that f32 cannot tell from 0)
  const likeliest = call.argmax(logits, codebookSize);
  if (likeliest < 0) throw notFinite(codebook, options.step);
  if (Math.fround(temperature) === 0) return likeliest;

  // 3. order and top-k
  call.rank(logits, codebookSize, likeliest, temperature, entries, room.work);
  let count = topK > 0 ? Math.min(topK, codebookSize) : codebookSize;

  // 4. softmax and top-p
  call.weigh(entries, count, weights);
  if (topP > 0 && topP < 1) count = call.nucleus(weights, count, topP);

  // 5. draw
  const uniform = call.uniform(room.block, options.seed, options.step, codebook);
  return call.draw(entries, weights, count, uniform);
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

function notFinite(codebook: number, step: number): RangeError {
  return new RangeError(
    `sampler: the logits of codebook ${codebook} at step ${step} hold NaN or Infinity. ` +
      'Check the model files, or lower guidanceScale.',
  );
}
