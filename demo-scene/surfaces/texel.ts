/**
 * A surface is a tiny shader in TypeScript: (u, v) → colour, height, roughness, metal. Baking it gives the three
 * images a physically based material wants.
 *
 *   surface(u, v)  ──bake──▶  albedo  RGBA, sRGB
 *                             normal  RGBA, tangent space, from the slope of the height
 *                             orm     RGBA: occlusion, roughness, metallic
 */
import { clamp01, mix } from './noise.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** One point of a surface; every field in [0, 1], colour in sRGB. */
export interface Texel {
  red: number;
  green: number;
  blue: number;
  height: number;
  roughness: number;
  metallic: number;
}

/** Fills `out` for the point (u, v), both in [0, 1). */
export type Surface = (u: number, v: number, out: Texel) => void;

/** Three images of size × size RGBA bytes. */
export interface BakedSurface {
  size: number;
  albedo: Uint8Array;
  normal: Uint8Array;
  orm: Uint8Array;
}

export function setColour(out: Texel, [red, green, blue]: Colour, brightness = 1): void {
  out.red = red * brightness;
  out.green = green * brightness;
  out.blue = blue * brightness;
}

export function blendColour(out: Texel, [red, green, blue]: Colour, amount: number): void {
  out.red = mix(out.red, red, amount);
  out.green = mix(out.green, green, amount);
  out.blue = mix(out.blue, blue, amount);
}

export function darken(out: Texel, factor: number): void {
  out.red *= factor;
  out.green *= factor;
  out.blue *= factor;
}

/** '#rrggbb' → colour in [0, 1]. */
export function hex(code: string): Colour {
  const value = Number.parseInt(code.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** @param relief how steep a height of 1 over the whole tile is; 1 to 20. */
export function bakeSurface(surface: Surface, size: number, relief: number): BakedSurface {
  const albedo = new Uint8Array(size * size * 4);
  const orm = new Uint8Array(size * size * 4);
  const height = new Float32Array(size * size);
  const texel: Texel = { red: 0, green: 0, blue: 0, height: 0, roughness: 1, metallic: 0 };
  for (let i = 0; i < size * size; i++) {
    surface((i % size) / size, Math.floor(i / size) / size, texel);
    height[i] = texel.height;
    write(albedo, i, texel.red, texel.green, texel.blue);
    write(orm, i, 1, texel.roughness, texel.metallic);
  }
  addOcclusion(orm, height, size);
  return { size, albedo, normal: normalsOf(height, size, relief), orm };
}

function byte(value: number): number {
  return Math.round(clamp01(value) * 255);
}

function write(image: Uint8Array, pixel: number, red: number, green: number, blue: number): void {
  image[pixel * 4] = byte(red);
  image[pixel * 4 + 1] = byte(green);
  image[pixel * 4 + 2] = byte(blue);
  image[pixel * 4 + 3] = 255;
}

/** Tangent-space normals by central differences; edges wrap. */
function normalsOf(height: Float32Array, size: number, relief: number): Uint8Array {
  const normals = new Uint8Array(size * size * 4);
  const at = (x: number, y: number) =>
    height[((y + size) % size) * size + ((x + size) % size)] ?? 0;
  const steepness = (relief * size) / 128;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const dx = (at(x - 1, y) - at(x + 1, y)) * steepness;
      const dy = (at(x, y - 1) - at(x, y + 1)) * steepness;
      const scale = 0.5 / Math.hypot(dx, dy, 1);
      write(normals, y * size + x, dx * scale + 0.5, dy * scale + 0.5, scale + 0.5);
    }
  }
  return normals;
}

/** Points lower than their surroundings (a ring of 8 at 1/64 of the tile) get less ambient light. */
function addOcclusion(orm: Uint8Array, height: Float32Array, size: number): void {
  const reach = Math.max(1, Math.round(size / 64));
  const ring = [-reach, 0, reach];
  for (let i = 0; i < size * size; i++) {
    const x = i % size;
    const y = (i - x) / size;
    let around = 0;
    for (const dy of ring) {
      for (const dx of ring) {
        around += height[((y + dy + size) % size) * size + ((x + dx + size) % size)] ?? 0;
      }
    }
    orm[i * 4] = byte(1 - 1.6 * Math.max(0, around / 9 - (height[i] ?? 0)));
  }
}
