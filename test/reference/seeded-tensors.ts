/** Weights of models of any shape, for twins of whole models: activations stay of size 1. */
import { readTensors, type Tensor, type TensorFile } from '../../runtime/safetensors.ts';
import { writeTensors } from '../runtime/write-tensors.ts';
import { noise } from './seeded.ts';

/** What a model is made of: name → shape. */
export interface TensorShapes {
  /** int8 [rows, …], with `name.scale` [rows] */
  matrices: Record<string, number[]>;
  /** f32 around 1 */
  gains: Record<string, number[]>;
  /** f32 around 0 */
  biases: Record<string, number[]>;
  /** f32 that is not left to chance */
  given?: Record<string, Float32Array>;
}

export function seededTensors({ matrices, gains, biases, given }: TensorShapes): TensorFile {
  const tensors: Record<string, Tensor> = {};
  let seed = 1;
  const floats = (shape: number[], size: number, centre = 0) => {
    const data = noise(product(shape), seed++, size).map((x) => x + centre);
    return { data, shape };
  };
  for (const [name, shape] of Object.entries(gains)) tensors[name] = floats(shape, 0.3, 1);
  for (const [name, shape] of Object.entries(biases)) tensors[name] = floats(shape, 0.3);
  for (const [name, data] of Object.entries(given ?? {})) {
    tensors[name] = { data, shape: [data.length] };
  }
  for (const [name, shape] of Object.entries(matrices)) {
    const [rows = 0, ...inputs] = shape;
    const unit = 1 / (64 * Math.sqrt(product(inputs)));
    tensors[name] = { data: Int8Array.from(noise(product(shape), seed++, 127.99)), shape };
    tensors[`${name}.scale`] = floats([rows], 0.3 * unit, unit);
  }
  return readTensors(writeTensors(tensors), 'seeded');
}

/** Shapes of the parts of one thing: `prefix.part`. */
export function named(prefix: string, parts: Record<string, number[]>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, shape]) => [`${prefix}.${name}`, shape]),
  );
}

function product(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
