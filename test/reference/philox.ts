/** Twin of assemblyscript/philox.ts in big integers. Known answers: Random123's kat_vectors. */

const MASK = 0xffffffffn;
export type Words = [number, number, number, number];

export function philox(counter: Words, key: [number, number]): Words {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * c0;
    const product1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [
      (product1 >> 32n) ^ c1 ^ k0,
      product1 & MASK,
      (product0 >> 32n) ^ c3 ^ k1,
      product0 & MASK,
    ];
    k0 = (k0 + 0x9e3779b9n) & MASK;
    k1 = (k1 + 0xbb67ae85n) & MASK;
  }
  return [c0, c1, c2, c3].map(Number) as Words;
}

/** [0, 1), a multiple of 2⁻²⁴. */
export function uniform(seed: number, step: number, codebook: number): number {
  return (philox([step, codebook, 0, 0], [seed, 0])[0] >>> 8) / 2 ** 24;
}
