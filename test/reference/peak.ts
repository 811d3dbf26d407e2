/** Twin of assemblyscript/peak.ts. */
export function peak(pcm: Float32Array): number {
  return pcm.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
}
