/** Metal surfaces: tread plate for the floor, a riveted crate, brass. */
import { clamp01, fbm, fract, noise, smoothstep } from './noise.ts';
import { blendColour, darken, hex, type Surface, setColour, type Texel } from './texel.ts';

const STEEL = hex('#8d949b');
const RUST = hex('#6e3f22');
const PAINT = hex('#2f5d66');

/** Rust creeps in where `amount` exceeds the noise. */
function rust(u: number, v: number, amount: number, out: Texel, salt: number): void {
  const spread = smoothstep(0.62 - 0.3 * amount, 0.78 - 0.2 * amount, fbm(u, v, 7, 7, 5, salt));
  blendColour(out, RUST, 0.85 * spread);
  out.metallic *= 1 - 0.85 * spread;
  out.roughness = clamp01(out.roughness + 0.4 * spread);
}

/** Raised lozenges, every other one turned by 90°. */
export const treadPlate: Surface = (u, v, out) => {
  const cells = 10;
  const column = Math.floor(u * cells);
  const row = Math.floor(v * cells);
  const x = fract(u * cells) - 0.5;
  const y = fract(v * cells) - 0.5;
  const turned = (column + row) % 2 === 0;
  const along = turned ? (x + y) * Math.SQRT1_2 : (x - y) * Math.SQRT1_2;
  const across = turned ? (x - y) * Math.SQRT1_2 : (x + y) * Math.SQRT1_2;
  const bump = smoothstep(1, 0.55, Math.hypot(along / 0.44, across / 0.13));
  const scratch = noise(u * 7, v * 220, 7, 220, 101);
  setColour(out, STEEL, 0.62 + 0.14 * scratch + 0.3 * bump);
  out.metallic = 0.95;
  out.roughness = 0.46 - 0.14 * bump + 0.12 * scratch;
  rust(u, v, 0.25 * (1 - bump), out, 102);
  const seam = smoothstep(0, 0.006, Math.min(u, v, 1 - u, 1 - v));
  darken(out, 0.3 + 0.7 * seam);
  out.height = 0.6 * bump + 0.35 * seam;
};

/** A walkway of bars on edge with twisted rods across; between them it is dark. */
export const grate: Surface = (u, v, out) => {
  const bar = smoothstep(0.2, 0.13, Math.abs(fract(u * 16) - 0.5));
  const rod = smoothstep(0.12, 0.07, Math.abs(fract(v * 5) - 0.5));
  const metal = Math.max(bar, 0.85 * rod);
  const wear = fbm(u, v, 9, 9, 4, 140);
  setColour(out, STEEL, (0.5 + 0.4 * wear) * metal);
  out.metallic = 0.9 * metal;
  out.roughness = 0.9 - 0.48 * metal;
  rust(u, v, 0.35, out, 141);
  darken(out, 0.08 + 0.92 * metal);
  out.height = 0.9 * metal;
};

/** One face of a steel crate: painted panel with a pressed cross, a bare riveted frame, worn edges. */
export const crateMetal: Surface = (u, v, out) => {
  const edge = Math.min(u, v, 1 - u, 1 - v);
  const rim = smoothstep(0.118, 0.112, edge);
  const nearest = Math.min(Math.abs(u - v), Math.abs(u + v - 1)) / Math.SQRT2;
  const cross = smoothstep(0.062, 0.045, nearest) * (1 - rim);
  const scuffs = fbm(u, v, 16, 16, 4, 110);
  const wear = smoothstep(0.6, 0.7, scuffs + 0.2 * cross * smoothstep(0.03, 0.05, nearest));
  const bare = clamp01(rim + wear);
  setColour(out, PAINT, 0.85 + 0.3 * fbm(u, v, 5, 5, 4, 111));
  blendColour(out, STEEL, bare);
  darken(out, 0.86 + 0.22 * noise(u * 200, v * 9, 200, 9, 112) * rim);
  out.metallic = 0.15 + 0.8 * bare;
  out.roughness = 0.42 + 0.2 * scuffs * (1 - rim);
  rust(u, v, 0.3 + 0.4 * smoothstep(0.16, 0.1, Math.abs(edge - 0.118)), out, 113);
  const lip = smoothstep(0, 0.014, edge) * smoothstep(0, 0.01, Math.abs(edge - 0.116));
  darken(out, 0.45 + 0.55 * lip);
  out.height = 0.55 * rim * lip + 0.35 * cross + 0.05 * scuffs;
  rivets(u, v, edge, out);
};

function rivets(u: number, v: number, edge: number, out: Texel): void {
  const sideways = Math.min(v, 1 - v) < Math.min(u, 1 - u);
  const along = fract((sideways ? u : v) * 8) - 0.5;
  const distance = Math.hypot(along / 8, edge - 0.058);
  const head = smoothstep(0.021, 0.012, distance);
  darken(out, 1 - 0.45 * smoothstep(0.03, 0.021, distance) * (1 - head));
  out.height += 0.4 * head;
}

export const brass: Surface = (u, v, out) => {
  const tarnish = fbm(u, v, 6, 6, 4, 120);
  setColour(out, hex('#c79a4b'), 0.8 + 0.3 * tarnish);
  out.metallic = 1;
  out.roughness = 0.24 + 0.22 * tarnish;
  out.height = 0.2 * tarnish;
};

export const iron: Surface = (u, v, out) => {
  const forged = fbm(u, v, 12, 12, 4, 130);
  setColour(out, hex('#37363a'), 0.7 + 0.5 * forged);
  out.metallic = 0.8;
  out.roughness = 0.5 + 0.25 * forged;
  out.height = 0.3 * forged;
};
