/**
 * Philox 4x32-10: a counter-based generator. The same key and counter give the same words on every
 * machine, in any order, so no state is kept between draws.
 *
 *   one round   (c0 c1 c2 c3) → (hi(M1·c2)^c1^k0, lo(M1·c2), hi(M0·c0)^c3^k1, lo(M0·c0))
 *   ten rounds; between two rounds k0 += W0, k1 += W1
 *
 * Scalar: the rounds are a chain, and a draw needs one block.
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; Random123.
 * Twins: test/reference/philox.ts, training/philox.py.
 */
const M0: u64 = 0xd2511f53;
const M1: u64 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;
const ROUNDS = 10;

/**
 * One block, in place.
 *
 *   block  u32[4]  counter in, four random words out
 */
export function philox(block: usize, key0: u32, key1: u32): void {
  let c0 = load<u32>(block);
  let c1 = load<u32>(block, 4);
  let c2 = load<u32>(block, 8);
  let c3 = load<u32>(block, 12);
  for (let round = 0; round < ROUNDS; round++) {
    const product0 = M0 * <u64>c0;
    const product1 = M1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ key0;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ key1;
    c3 = <u32>product0;
    key0 += W0;
    key1 += W1;
  }
  store<u32>(block, c0);
  store<u32>(block, c1, 4);
  store<u32>(block, c2, 8);
  store<u32>(block, c3, 12);
}

/**
 * The draw of one (seed, step, codebook): word 0 of the block with key (seed, 0) and counter
 * (step, codebook, 0, 0), its upper 24 bits as a fraction.
 *
 *   block   u32[4]  work space
 *   return  f32     [0, 1), exact: a multiple of 2⁻²⁴
 */
export function uniform(block: usize, seed: u32, step: u32, codebook: u32): f32 {
  store<u32>(block, step);
  store<u32>(block, codebook, 4);
  store<u64>(block, 0, 8);
  philox(block, seed, 0);
  return <f32>(load<u32>(block) >>> 8) * <f32>(1.0 / 16777216.0);
}
