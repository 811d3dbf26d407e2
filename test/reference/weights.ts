/** A pack's weights as plain numbers, for the twins of whole models. */
import type { TensorFile } from '../../runtime/safetensors.ts';
import type { Norm, Row } from './transformer.ts';

export interface Weights {
  /** f32 as it is, int8 times the scale of its row; row-major. */
  values(name: string): Float64Array;
  /** Row `index` of a tensor. */
  row(name: string, index: number): Float64Array;
  /** weight · x, and the bias if there is one. */
  linear(name: string, x: Row): Float64Array;
  norm(name: string, epsilon: number): Norm;
}

export function weightsOf(tensors: TensorFile): Weights {
  const cache = new Map<string, Float64Array>();
  function values(name: string): Float64Array {
    const found = cache.get(name) ?? scaled(tensors, name);
    cache.set(name, found);
    return found;
  }
  function row(name: string, index: number): Float64Array {
    const [rows = 1] = tensors.get(name).shape;
    const width = values(name).length / rows;
    return values(name).subarray(index * width, (index + 1) * width);
  }
  return {
    values,
    row,
    linear(name, x) {
      const [outputs = 0] = tensors.get(`${name}.weight`).shape;
      const matrix = values(`${name}.weight`);
      const bias = tensors.names.includes(`${name}.bias`) ? values(`${name}.bias`) : undefined;
      return Float64Array.from({ length: outputs }, (_, o) => {
        let sum = bias?.[o] ?? 0;
        for (let i = 0; i < x.length; i++) sum += matrix[o * x.length + i]! * x[i]!;
        return sum;
      });
    },
    norm: (name, epsilon) => ({
      ...{ weight: values(`${name}.weight`), bias: values(`${name}.bias`) },
      epsilon: Math.fround(epsilon),
    }),
  };
}

function scaled(tensors: TensorFile, name: string): Float64Array {
  const { data, shape } = tensors.get(name);
  if (data instanceof Float32Array) return Float64Array.from(data);
  const scale = tensors.get(`${name}.scale`).data;
  const width = data.length / shape[0]!;
  return Float64Array.from(data, (x, i) => x * scale[Math.floor(i / width)]!);
}
