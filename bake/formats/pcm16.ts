/** PCM as whole numbers of 16 bits: what WAV, FLAC and the Opus encoder take. */

/**
 * @param pcm f32, full scale ±1; beyond is clipped
 * @returns −32767 to 32767. Read back as ÷ 32768 it is 0.0003 dB softer, so rounding does not lift a peak over its ceiling
 */
export function toPcm16(pcm: Float32Array): Int16Array {
  return Int16Array.from(pcm, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32767));
}

/** @returns f32, full scale ±1 */
export function fromPcm16(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32768);
}

/** Little-endian, on whichever machine. */
export function bytesOfPcm16(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  for (const [i, sample] of samples.entries()) view.setInt16(2 * i, sample, true);
  return bytes;
}
