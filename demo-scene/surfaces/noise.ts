/**
 * Noise that tiles: the lattice wraps after `periodX` by `periodY` cells, so a texture drawn with it has no seam.
 * All functions are pure; values lie in [0, 1] unless said otherwise.
 */

/** 32-bit integer hash of a lattice cell to [0, 1). Same cell, same value, in every browser. */
export function hash(x: number, y: number, salt = 0): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(salt, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** 0 below `from`, 1 above `to`, smooth between; `from` may exceed `to` (then falling). */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp01((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function fract(value: number): number {
  return value - Math.floor(value);
}

function wrap(value: number, period: number): number {
  return ((value % period) + period) % period;
}

/** Value noise at (x, y) in lattice cells. */
export function noise(x: number, y: number, periodX: number, periodY = periodX, salt = 0): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const tx = smoothstep(0, 1, x - x0);
  const ty = smoothstep(0, 1, y - y0);
  const left = wrap(x0, periodX);
  const right = wrap(x0 + 1, periodX);
  const top = wrap(y0, periodY);
  const bottom = wrap(y0 + 1, periodY);
  return mix(
    mix(hash(left, top, salt), hash(right, top, salt), tx),
    mix(hash(left, bottom, salt), hash(right, bottom, salt), tx),
    ty,
  );
}

/** Octaves of noise over the unit square (u, v): the first has `cellsX` by `cellsY` cells, each next twice as many. */
export function fbm(
  u: number,
  v: number,
  cellsX: number,
  cellsY = cellsX,
  octaves = 4,
  salt = 0,
): number {
  let sum = 0;
  let amplitude = 0.5;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const scale = 2 ** octave;
    const value = noise(
      u * cellsX * scale,
      v * cellsY * scale,
      cellsX * scale,
      cellsY * scale,
      salt + octave,
    );
    sum += amplitude * value;
    total += amplitude;
    amplitude *= 0.5;
  }
  return sum / total;
}
