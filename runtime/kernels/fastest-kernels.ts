/**
 * The build of the kernels that is faster here. Both give the same bits.
 *
 *   relaxed SIMD understood? ── no ──▶ SIMD
 *          └─ yes ── a race of some hundredths of a second: same product, and clearly sooner? ──▶ relaxed SIMD, else SIMD
 *
 * Its dot product is one instruction on processors with AVX-VNNI or Arm's dot product, and several on others, where it
 * loses. A JavaScript engine whose relaxed arithmetic gives something else is not trusted with it.
 */
import { decodeBase64, type Kernels, loadKernels } from './kernels.ts';
import { relaxedKernelsBinary } from './relaxed-kernels-binary.ts';

export async function loadFastestKernels(): Promise<Kernels> {
  const simd = await loadKernels();
  if (!WebAssembly.validate(decodeBase64(relaxedKernelsBinary))) return simd;
  const relaxed = await loadKernels(relaxedKernelsBinary);
  return isFasterAndSame(createProduct(relaxed), createProduct(simd)) ? relaxed : simd;
}

const SIZE = 256;
/** Products in a round: a page's clock may tell tenths of a millisecond only, and a product takes a hundredth. */
const RUNS = 300;
/** The first is no measure: the JavaScript engine still compiles. */
const ROUNDS = 4;
/** How much sooner the challenger has to be: where its dot product is one instruction it is about twice as fast. */
const CLEARLY = 0.75;

interface Product {
  run(): void;
  result(): Float32Array;
}

/** A matrix of SIZE × SIZE times two rows, as a language model's step has many. */
function createProduct({ memory, call }: Kernels): Product {
  const weights = memory.keep(SIZE * SIZE + 16);
  const [x, out] = [memory.keep(8 * SIZE), memory.keep(8 * SIZE)];
  const [scales, sums] = [memory.keep(4 * SIZE), memory.keep(4 * SIZE)];
  const halves = memory.keep(2 * call.halvesBytes(SIZE));
  const bytes = memory.i8(weights, SIZE * SIZE);
  for (let i = 0; i < bytes.length; i++) bytes[i] = ((i * 97 + (i >> 8) * 31) % 255) - 127;
  memory.f32(x, 2 * SIZE).forEach((_, i, row) => {
    row[i] = Math.sin(i * i);
  });
  memory.f32(scales, SIZE).fill(0.01);
  call.rowSums(weights, SIZE, SIZE, sums);
  return {
    run() {
      call.splitHalves(x, 4 * SIZE, 2, SIZE, halves);
      call.multiply(halves, 2, weights, scales, 0, sums, SIZE, SIZE, out);
    },
    result: () => memory.f32(out, 2 * SIZE).slice(),
  };
}

function isFasterAndSame(challenger: Product, champion: Product): boolean {
  const [fast, slow] = [challenger, champion].map((product) => {
    product.run();
    return { product, best: Number.POSITIVE_INFINITY };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const runner of [fast!, slow!]) {
      const began = performance.now();
      for (let i = 0; i < RUNS; i++) runner.product.run();
      const took = performance.now() - began;
      if (round > 0) runner.best = Math.min(runner.best, took);
    }
  }
  const [a, b] = [challenger.result(), champion.result()];
  return fast!.best < CLEARLY * slow!.best && a.every((value, i) => value === b[i]);
}
