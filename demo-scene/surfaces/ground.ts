/** What lies in the yard: gravel, trodden snow. */
import { clamp01, fbm, hash, noise, smoothstep } from './noise.ts';
import { blendColour, darken, hex, type Surface, setColour } from './texel.ts';

const SHADE = hex('#16181d');
const ICE = hex('#a9c4e8');

interface Pebble {
  /** 0 at its edge, 1 on its top. */
  dome: number;
  /** [0, 1); names the pebble. */
  id: number;
}

/** The pebble under (u, v), one in each of cells × cells squares, shifted and of its own size. */
function pebbleAt(u: number, v: number, cells: number, salt: number): Pebble {
  const [x, y] = [u * cells, v * cells];
  const [column, row] = [Math.floor(x), Math.floor(y)];
  let dome = 0;
  let id = 0;
  for (let i = 0; i < 9; i++) {
    const [cx, cy] = [column + (i % 3) - 1, row + Math.floor(i / 3) - 1];
    const [wx, wy] = [(cx + cells) % cells, (cy + cells) % cells];
    const dx = x - cx - 0.15 - 0.7 * hash(wx, wy, salt);
    const dy = y - cy - 0.15 - 0.7 * hash(wx, wy, salt + 1);
    const radius = 0.42 + 0.3 * hash(wx, wy, salt + 2);
    const height = 1 - (dx * dx + dy * dy) / (radius * radius);
    if (height <= dome) continue;
    dome = height;
    id = hash(wx, wy, salt + 3);
  }
  return { dome: Math.sqrt(clamp01(dome)), id };
}

/** Coarse pebbles over fine ones. */
export const gravel: Surface = (u, v, out) => {
  const coarse = pebbleAt(u, v, 26, 400);
  const fine = pebbleAt(u, v, 58, 410);
  const { dome, id } = coarse.dome > 0.35 && coarse.id > 0.3 ? coarse : fine;
  const isCoarse = dome === coarse.dome;
  setColour(out, hex(id < 0.4 ? '#8d8579' : id < 0.75 ? '#757c85' : '#a0917c'), 0.6 + 0.5 * id);
  blendColour(out, SHADE, 0.85 * smoothstep(0.5, 0.1, dome));
  darken(out, 0.8 + 0.3 * fbm(u, v, 4, 4, 4, 420));
  out.metallic = 0;
  out.roughness = clamp01(0.86 - 0.2 * id * dome);
  out.height = (isCoarse ? 0.35 : 0) + 0.55 * dome;
};

/** Soft, with a crust that glitters here and there. */
export const snow: Surface = (u, v, out) => {
  const drift = fbm(u, v, 3, 3, 5, 430);
  const grain = noise(u * 190, v * 190, 190, 190, 440);
  const crust = smoothstep(0.55, 0.7, fbm(u, v, 6, 6, 4, 450));
  setColour(out, hex('#dfe7f2'), 0.78 + 0.24 * drift);
  blendColour(out, ICE, 0.35 * (1 - drift));
  out.metallic = 0;
  out.roughness = clamp01(0.9 - 0.38 * crust * smoothstep(0.7, 0.9, grain));
  out.height = 0.75 * drift + 0.06 * grain + 0.08 * crust;
};

/** Needles of a fir under a little snow, seen from afar. */
export const needles: Surface = (u, v, out) => {
  const tuft = fbm(u, v, 22, 9, 4, 460);
  const dusting = smoothstep(0.56, 0.72, fbm(u, v, 7, 5, 4, 470));
  setColour(out, hex('#27382d'), 0.45 + 0.9 * tuft);
  blendColour(out, hex('#c9d6e6'), 0.55 * dusting);
  out.metallic = 0;
  out.roughness = 0.95;
  out.height = 0.8 * tuft + 0.2 * dusting;
};
