/** PCM → the highest and the lowest sample of each column of pixels. */

/** f32 [columns] each, in [−1, 1] for full scale; both 0 where a column has no sample. */
export interface Envelope {
  low: Float32Array;
  high: Float32Array;
}

export function envelopeOf(pcm: Float32Array, columns: number): Envelope {
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * pcm.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * pcm.length) / columns));
    for (let i = from; i < Math.min(to, pcm.length); i++) {
      low[column] = Math.min(low[column]!, pcm[i]!);
      high[column] = Math.max(high[column]!, pcm[i]!);
    }
  }
  return { low, high };
}
