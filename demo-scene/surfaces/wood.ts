/** Wooden surfaces: floor planks, the boards of a crate, a banded door. */
import { clamp01, fbm, fract, hash, noise, smoothstep } from './noise.ts';
import { blendColour, darken, hex, type Surface, setColour, type Texel } from './texel.ts';

const IRON = hex('#3b3a3c');

/** Grain along v: `tone` picks the board, so that neighbours differ. Writes colour and roughness, returns the relief. */
function grain(u: number, v: number, tone: number, base: string, out: Texel): number {
  const shift = Math.floor(tone * 64);
  const flow = fbm(u, v, 6, 2, 3, shift) * 0.12;
  const fine = noise((u + flow) * 96, v * 6, 96, 6, shift + 9);
  const rings = 0.5 + 0.5 * Math.sin((u + flow * 1.8) * 150 + tone * 40);
  const pores = smoothstep(0.72, 0.95, noise(u * 160, v * 14, 160, 14, shift + 17));
  setColour(out, hex(base), 0.72 + 0.3 * tone + 0.16 * (rings - 0.5) + 0.22 * (fine - 0.5));
  darken(out, 1 - 0.35 * pores);
  out.roughness = 0.62 + 0.2 * fine;
  out.metallic = 0;
  return 0.1 * fine + 0.06 * rings - 0.12 * pores;
}

/** A dark joint of half-width `width` around the edges of [0, 1]; 1 inside the board, 0 in the joint. */
function joint(position: number, width: number): number {
  return smoothstep(0, width, Math.min(position, 1 - position));
}

export const planks: Surface = (u, v, out) => {
  const boards = 6;
  const column = Math.floor(u * boards);
  const along = fract(v + hash(column, 3)) * 2;
  const row = Math.floor(along);
  const tone = hash(column, row, 7);
  const relief = grain(u, v, tone, '#7a5230', out);
  const gap = joint(fract(u * boards), 0.03) * joint(fract(along), 0.008);
  const wear = fbm(u, v, 3, 3, 4, 40);
  darken(out, (0.25 + 0.75 * gap) * (0.78 + 0.4 * wear));
  out.roughness = clamp01(out.roughness - 0.28 * smoothstep(0.5, 0.75, wear));
  out.height = 0.55 * gap + relief;
};

/** One face of a crate: a frame and a diagonal brace over upright boards, nailed. */
export const crateWood: Surface = (u, v, out) => {
  const edge = Math.min(u, v, 1 - u, 1 - v);
  const sideways = Math.min(v, 1 - v) < Math.min(u, 1 - u);
  if (edge < 0.13) return framePart(u, v, edge, sideways, out);
  const diagonal = Math.abs(u - v) / Math.SQRT2;
  if (diagonal < 0.085) return bracePart(u, v, diagonal, out);
  const boards = 5;
  const inside = (u - 0.13) / 0.74;
  const tone = hash(Math.floor(inside * boards), 5);
  const relief = grain(u, v, tone, '#8d6238', out);
  const gap = joint(fract(inside * boards), 0.05);
  const shade = smoothstep(0, 0.05, edge - 0.13) * smoothstep(0, 0.05, diagonal - 0.085);
  darken(out, (0.3 + 0.7 * gap) * (0.5 + 0.5 * shade) * 0.82);
  out.height = 0.25 * gap + relief * 0.6;
};

function framePart(u: number, v: number, edge: number, sideways: boolean, out: Texel): void {
  const relief = sideways
    ? grain(v, u, v < 0.5 ? 0.62 : 0.8, '#a37544', out)
    : grain(u, v, u < 0.5 ? 0.7 : 0.55, '#a37544', out);
  const rim = smoothstep(0, 0.018, edge) * smoothstep(0.13, 0.118, edge);
  const mitre = smoothstep(0, 0.006, Math.abs(Math.min(u, 1 - u) - Math.min(v, 1 - v)));
  darken(out, (0.45 + 0.55 * rim) * (0.5 + 0.5 * mitre));
  out.height = 0.5 + 0.42 * rim * (0.7 + 0.3 * mitre) + relief * 0.6;
  const across = sideways ? fract(u * 4) : fract(v * 4);
  nail(Math.hypot((across - 0.5) / 4, edge - 0.065), out);
}

function bracePart(u: number, v: number, diagonal: number, out: Texel): void {
  const relief = grain(u - v + 0.5, (u + v) / 2, 0.45, '#a37544', out);
  const rim = smoothstep(0.085, 0.075, diagonal);
  darken(out, 0.45 + 0.55 * rim);
  out.height = 0.35 + 0.4 * rim + relief * 0.6;
}

function nail(distance: number, out: Texel): void {
  const head = smoothstep(0.012, 0.008, distance);
  if (head === 0) return;
  blendColour(out, IRON, head);
  out.metallic = head * 0.9;
  out.roughness = 0.45;
  out.height += 0.15 * head;
}

/** A whole door leaf: five boards, three iron bands with studs. v runs from the bottom to the top. */
export const door: Surface = (u, v, out) => {
  const boards = 5;
  const tone = hash(Math.floor(u * boards), 11);
  const relief = grain(u, v, tone, '#6b4023', out);
  const gap = joint(fract(u * boards), 0.045);
  darken(out, 0.25 + 0.75 * gap);
  out.height = 0.4 * gap + relief * 0.7;
  for (const band of [0.14, 0.5, 0.86]) ironBand(u, Math.abs(v - band), out);
};

function ironBand(u: number, distance: number, out: Texel): void {
  const band = smoothstep(0.036, 0.031, distance);
  if (band === 0) {
    darken(out, 0.6 + 0.4 * smoothstep(0.036, 0.06, distance));
    return;
  }
  const stud = smoothstep(0.02, 0.012, Math.hypot((fract(u * 8) - 0.5) / 8, distance * 2));
  blendColour(out, IRON, band);
  darken(out, 0.75 + 0.5 * fbm(u, distance, 24, 24, 3, 31));
  out.metallic = 0.85 * band;
  out.roughness = 0.5;
  out.height = 0.62 + 0.3 * stud;
}
