/** Every surface by name, with its relief and the material word that prompts use. */
import { gravel, needles, snow } from './ground.ts';
import { brass, crateMetal, grate, iron, treadPlate } from './metal.ts';
import { crateStone, flagstones, masonry, plaster } from './stone.ts';
import type { BakedSurface, Surface } from './texel.ts';
import { bakeSurface } from './texel.ts';
import { crateWood, door, planks } from './wood.ts';

interface Entry {
  surface: Surface;
  /** Steepness of the normal map. */
  relief: number;
  /** Pixels per side. */
  size: number;
}

const CATALOGUE = {
  planks: { surface: planks, relief: 2.4, size: 512 },
  flagstones: { surface: flagstones, relief: 3, size: 512 },
  treadPlate: { surface: treadPlate, relief: 3, size: 512 },
  masonry: { surface: masonry, relief: 4, size: 512 },
  plaster: { surface: plaster, relief: 2.5, size: 256 },
  crateWood: { surface: crateWood, relief: 4, size: 512 },
  crateMetal: { surface: crateMetal, relief: 4, size: 512 },
  crateStone: { surface: crateStone, relief: 5, size: 512 },
  door: { surface: door, relief: 3.5, size: 512 },
  brass: { surface: brass, relief: 1, size: 128 },
  gravel: { surface: gravel, relief: 4, size: 512 },
  snow: { surface: snow, relief: 1.6, size: 256 },
  grate: { surface: grate, relief: 3, size: 256 },
  needles: { surface: needles, relief: 2, size: 128 },
  iron: { surface: iron, relief: 1.5, size: 128 },
} as const satisfies Record<string, Entry>;

export type SurfaceName = keyof typeof CATALOGUE;

export const surfaceNames = Object.keys(CATALOGUE) as SurfaceName[];

/** @param scale of its size; a power of two, at most 1. */
export function bakeByName(name: SurfaceName, scale = 1): BakedSurface {
  const { surface, size, relief } = CATALOGUE[name];
  return bakeSurface(surface, size * scale, relief);
}
