/** Twin of assemblyscript/gain.ts. */
export function scale(pcm: Float32Array, factor: number): Float32Array {
  return pcm.map((sample) => Math.fround(sample * Math.fround(factor)));
}
