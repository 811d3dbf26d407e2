/** Twins of assemblyscript/limiter.ts and sliding-minimum.ts: every window is looked at anew. */
const f = Math.fround;

export function limiterGains(peaks: Float32Array, ceiling: number): Float32Array {
  return peaks.map((peak) => f(ceiling) / Math.max(peak, f(ceiling)));
}

export function slidingMinimum(values: Float32Array, window: number): Float32Array {
  return values.map((_, i) => Math.min(...values.subarray(i, i + window)));
}

export function limit(
  pcm: Float32Array,
  gains: Float32Array,
  window: number,
  release: number,
): Float32Array {
  let gain = 1;
  const released = gains.map((wanted) => {
    gain = Math.min(wanted, 1 - (1 - gain) * release);
    return gain;
  });
  return pcm.map((sample, i) => {
    const last = released.subarray(Math.max(0, i - window + 1), i + 1);
    return sample * f(last.reduce((sum, value) => sum + value, 0) / last.length);
  });
}
