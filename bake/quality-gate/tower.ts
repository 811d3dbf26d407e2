/**
 * One side of the judge's score: what is heard, or what is meant → a direction.
 *
 *   f32 [inputs] ── linear ── GELU ── linear ── at length 1 ──▶ f32 [128]
 *
 * Twin: training/text_score.py, Tower.
 */
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';
import { createInt8Layer, type Layer } from './int8-layer.ts';

const HIDDEN = 256;
const DIRECTIONS = 128;

/** @throws ModelPackError that names the tensor if one is missing or of another shape. */
export function createTower(
  kernels: Kernels,
  tensors: TensorFile,
  name: string,
  inputs: number,
): Layer {
  const up = createInt8Layer(kernels, tensors, `${name}.up`, inputs, HIDDEN);
  const out = createInt8Layer(kernels, tensors, `${name}.out`, HIDDEN, DIRECTIONS);
  return (x) => normalized(out(gelu(kernels, up(x))));
}

function gelu(kernels: Kernels, values: Float32Array): Float32Array {
  return kernels.scratch((arena) => {
    const address = arena.reserve(4 * values.length);
    arena.f32(address, values.length).set(values);
    kernels.call.gelu(address, values.length);
    return arena.f32(address, values.length).slice();
  });
}

function normalized(values: Float32Array): Float32Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / Math.max(1e-12, length));
}
