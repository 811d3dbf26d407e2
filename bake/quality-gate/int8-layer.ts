/**
 * A linear layer with int8 weights in the kernels: rows of inputs → rows of outputs, the same bits on every machine.
 *
 *   x f32 [rows, inputs] ── halves ── multiply ──▶ f32 [rows, outputs] = x · (int8 · scale)ᵀ + bias
 *
 * Tensors: NAME.weight I8 [outputs, inputs], NAME.weight.scale and NAME.bias F32 [outputs].
 */
import { createLayout, halvesBytes } from '../../runtime/engines/layout.ts';
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';

export type Layer = (rows: Float32Array) => Float32Array;

/** @throws ModelPackError that names the tensor if one is missing or of another shape. */
export function createInt8Layer(
  kernels: Kernels,
  tensors: TensorFile,
  name: string,
  inputs: number,
  outputs: number,
): Layer {
  const layout = createLayout(kernels, tensors);
  const matrix = layout.matrix(name, inputs, outputs, { bias: true });
  const [weights = 0, scales = 0, bias = 0, sums = 0] = kernels.memory.u32(matrix, 4);
  return (values) =>
    kernels.scratch((arena) => {
      const rows = values.length / inputs;
      const x = arena.reserve(4 * values.length);
      const halves = arena.reserve(rows * halvesBytes(inputs));
      const out = arena.reserve(4 * rows * outputs);
      arena.f32(x, values.length).set(values);
      kernels.call.splitHalves(x, 4 * inputs, rows, inputs, halves);
      kernels.call.multiply(halves, rows, weights, scales, bias, sums, inputs, outputs, out);
      return arena.f32(out, rows * outputs).slice();
    });
}

/** max(0, x), in place. */
export function relu(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, values[i] ?? 0);
  return values;
}
