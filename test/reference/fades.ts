/** Twins of assemblyscript/fades.ts. */
const f = Math.fround;

export function firstAbove(pcm: Float32Array, threshold: number): number {
  const first = pcm.findIndex((sample) => Math.abs(sample) > f(threshold));
  return first < 0 ? pcm.length : first;
}

export function lastAbove(pcm: Float32Array, threshold: number): number {
  return pcm.findLastIndex((sample) => Math.abs(sample) > f(threshold));
}

export function fadeIn(pcm: Float32Array): Float32Array {
  return pcm.map((sample, i) => sample * smoothstep(f((i + 0.5) / pcm.length)));
}

export function fadeOut(pcm: Float32Array): Float32Array {
  return pcm.map((sample, i) => sample * smoothstep(f((pcm.length - 0.5 - i) / pcm.length)));
}

function smoothstep(t: number): number {
  return f(f(t * t) * f(3 - f(2 * t)));
}
