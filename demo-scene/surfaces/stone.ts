/** Stone surfaces: flagstones, a masonry wall, a carved block, plaster. */
import { clamp01, fbm, fract, hash, noise, smoothstep } from './noise.ts';
import { blendColour, darken, hex, type Surface, setColour, type Texel } from './texel.ts';

const MORTAR = hex('#2c2926');
const MOSS = hex('#3c4630');

interface Courses {
  rows: number;
  /** Stones per row, before their widths are jittered. */
  columns: number;
  /** Half-width of the mortar joint, as a part of a row's height. */
  joint: number;
}

/** How deep inside a stone (0 at the joint, 1 well inside), and a number in [0, 1) that names the stone. */
function stoneAt(u: number, v: number, { rows, columns, joint }: Courses) {
  const wobble = 0.012 * (noise(u * 24, v * 24, 24) - 0.5);
  const y = fract(v + wobble) * rows;
  const row = Math.floor(y);
  const x = fract(u + wobble + (row % 2) * (0.5 / columns) + 0.08 * hash(row, 1)) * columns;
  const jointAt = (column: number) => column + 0.22 * hash((column + columns) % columns, row, 2);
  const cell = Math.floor(x);
  const column = x < jointAt(cell) ? cell - 1 : cell;
  const sides = Math.min(x - jointAt(column), jointAt(column + 1) - x) * (rows / columns);
  const edge = Math.min(sides, fract(y), 1 - fract(y));
  return {
    inside: smoothstep(0, joint, edge - joint),
    id: hash((column + columns) % columns, row, 3),
  };
}

function rubble(u: number, v: number, out: Texel, inside: number): void {
  const dirt = fbm(u, v, 4, 4, 5, 60);
  const grit = noise(u * 180, v * 180, 180, 180, 61);
  darken(out, (0.72 + 0.5 * dirt) * (0.9 + 0.2 * grit));
  blendColour(out, MORTAR, 1 - inside);
  out.metallic = 0;
}

/** Wet in places, so that the light of the fire and the window runs over it. */
export const flagstones: Surface = (u, v, out) => {
  const { inside, id } = stoneAt(u, v, { rows: 4, columns: 3, joint: 0.022 });
  setColour(out, hex(id < 0.33 ? '#7d776e' : id < 0.7 ? '#6c6a68' : '#84796a'), 0.78 + 0.3 * id);
  const bumps = fbm(u, v, 10, 10, 5, 62);
  rubble(u, v, out, inside);
  const wet = smoothstep(0.52, 0.68, fbm(u, v, 2, 2, 4, 63));
  darken(out, 1 - 0.32 * wet);
  out.roughness = clamp01(0.78 - 0.1 * bumps - 0.42 * wet * inside);
  out.height = 0.5 * inside + 0.28 * bumps * (1 - 0.6 * wet) + 0.08 * id;
};

export const masonry: Surface = (u, v, out) => {
  const { inside, id } = stoneAt(u, v, { rows: 6, columns: 4, joint: 0.03 });
  setColour(out, hex(id < 0.4 ? '#857a6c' : id < 0.75 ? '#7a746d' : '#90826e'), 0.72 + 0.34 * id);
  const bumps = fbm(u, v, 14, 14, 5, 70);
  rubble(u, v, out, inside);
  blendColour(out, MOSS, 0.35 * (1 - inside) * smoothstep(0.5, 0.7, fbm(u, v, 5, 5, 3, 71)));
  out.roughness = 0.86 + 0.1 * bumps;
  out.height = 0.6 * inside * (0.8 + 0.2 * id) + 0.4 * bumps;
};

/** One face of a stone block: a chiselled margin around a raised lozenge. */
export const crateStone: Surface = (u, v, out) => {
  const edge = Math.min(u, v, 1 - u, 1 - v);
  const chips = 0.02 * (fbm(u, v, 12, 12, 3, 80) - 0.5);
  const margin = smoothstep(0.1, 0.125, edge + chips);
  const lozenge = smoothstep(0.335, 0.3, Math.abs(u - 0.5) + Math.abs(v - 0.5) + chips);
  const worn = smoothstep(0, 0.035, edge + chips * 1.4);
  const bumps = fbm(u, v, 9, 9, 5, 81);
  const pits = smoothstep(0.74, 0.86, noise(u * 46, v * 46, 46, 46, 82));
  const chisel = 0.5 + 0.5 * Math.sin((u + v) * 190 + 4 * bumps);
  setColour(out, hex('#a39c90'), 0.74 + 0.34 * bumps);
  darken(out, (1 - 0.3 * pits) * (0.62 + 0.38 * worn));
  darken(out, 1 - 0.34 * margin * (1 - lozenge));
  out.metallic = 0;
  out.roughness = 0.82 + 0.12 * bumps;
  out.height =
    0.75 * worn -
    0.3 * margin * (1 - lozenge) +
    0.2 * bumps -
    0.16 * pits +
    0.05 * chisel * (1 - margin);
};

/** Rough lime plaster for the upper walls. */
export const plaster: Surface = (u, v, out) => {
  const clouds = fbm(u, v, 3, 3, 5, 90);
  const trowel = fbm(u, v, 18, 7, 4, 91);
  const crack =
    smoothstep(0.018, 0, Math.abs(fbm(u, v, 4, 4, 4, 92) - 0.5)) * smoothstep(0.5, 0.62, clouds);
  setColour(out, hex('#9a8a74'), 0.66 + 0.5 * clouds + 0.12 * (trowel - 0.5));
  darken(out, 1 - 0.4 * crack);
  out.metallic = 0;
  out.roughness = 0.93;
  out.height = 0.35 * trowel + 0.2 * clouds - 0.2 * crack;
};
