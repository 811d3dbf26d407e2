/**
 * PCM → WAV file: RIFF header, one channel, 16-bit little-endian.
 *
 *   'RIFF' size 'WAVE'   'fmt ' 16 PCM=1 channels=1 rate bytes/s block=2 bits=16   'data' bytes samples…
 */

const HEADER_BYTES = 44;

/**
 * @param pcm f32 [samples], full scale ±1; beyond is clipped
 * @param sampleRate Hz
 */
export function encodeWav(pcm: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + pcm.length * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string) => bytes.set(new TextEncoder().encode(word), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, pcm.length * 2, true);
  for (const [i, sample] of pcm.entries()) {
    view.setInt16(
      HEADER_BYTES + i * 2,
      Math.round(Math.max(-1, Math.min(1, sample)) * 32767),
      true,
    );
  }
  return bytes;
}
