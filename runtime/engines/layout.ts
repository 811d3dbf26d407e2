/**
 * Lays a model's weights down in the kernels' memory and the structures that say where (assemblyscript/model.ts).
 *
 *   engine.safetensors ── copied once ──▶ │ f32 … │ int8 … │ structures: 32-bit fields, addresses or numbers │
 *
 * A matrix whose rows are not as the kernels want them (convolutions) is turned over on the way.
 */
import type { KernelMemory, Kernels } from '../kernels/kernels.ts';
import type { TensorFile } from '../safetensors.ts';

/** Lays down one model. */
export interface Layout {
  memory: KernelMemory;
  tensors: TensorFile;
  /** A structure of 32-bit fields. @returns its address */
  struct(fields: (number | Float)[]): number;
  f32(values: Float32Array): number;
  /** An f32 tensor of that name and shape. */
  table(name: string, shape: number[]): number;
  /** An int8 matrix [outputs, inputs] with its scales, and its bias if it has one. @returns address of a Matrix */
  matrix(name: string, inputs: number, outputs: number, given?: MatrixOptions): number;
  /** An int8 table [rows, width] to look up in. @returns address of a Matrix */
  codebook(name: string, width: number, rows: number): number;
  /** @returns address of a Norm */
  norm(name: string, width: number, epsilon: number): number;
  /** Free room that stays. */
  room(bytes: number): number;
}

export interface MatrixOptions {
  /** Default false. */
  bias?: boolean;
  /** Shape in the file, if another one: `turn` gives the matrix. */
  shape?: number[];
  turn?: (data: Int8Array) => Int8Array;
}

/** A field that is f32. */
export interface Float {
  float: number;
}

export function createLayout({ memory, call }: Kernels, tensors: TensorFile): Layout {
  const matrix = (
    name: string,
    inputs: number,
    outputs: number,
    bias: number,
    given: Int8Array,
  ) => {
    const weights = memory.keep(given.length + TAIL);
    memory.i8(weights, given.length).set(given);
    const scales = layout.table(`${name}.scale`, [outputs]);
    const sums = memory.keep(4 * outputs);
    call.rowSums(weights, inputs, outputs, sums);
    return layout.struct([weights, scales, bias, sums, inputs, outputs]);
  };
  const layout: Layout = {
    memory,
    tensors,
    room: (bytes) => memory.keep(bytes),
    struct(fields) {
      const address = memory.keep(4 * fields.length);
      const words = memory.u32(address, fields.length);
      const floats = memory.f32(address, fields.length);
      fields.forEach((field, i) => {
        if (typeof field === 'number') words[i] = field;
        else floats[i] = field.float;
      });
      return address;
    },
    f32(values) {
      const address = memory.keep(4 * values.length);
      memory.f32(address, values.length).set(values);
      return address;
    },
    table: (name, shape) => layout.f32(tensors.f32(name, shape)),
    matrix(name, inputs, outputs, { bias = false, shape = [outputs, inputs], turn } = {}) {
      const given = tensors.i8(`${name}.weight`, shape);
      const biases = bias ? layout.table(`${name}.bias`, [outputs]) : 0;
      return matrix(`${name}.weight`, inputs, outputs, biases, turn ? turn(given) : given);
    },
    codebook: (name, width, rows) => matrix(name, width, rows, 0, tensors.i8(name, [rows, width])),
    norm(name, width, epsilon) {
      const weight = layout.table(`${name}.weight`, [width]);
      const bias = layout.table(`${name}.bias`, [width]);
      return layout.struct([weight, bias, width, { float: epsilon }]);
    },
  };
  return layout;
}

/** Bytes after a matrix that the kernels may read: assemblyscript/multiply.ts. */
const TAIL = 16;
/** PyTorch's own. */
export const EPSILON = 1e-5;

/** How many indices the pattern's group takes in the tensors' names. */
export function countOf(tensors: TensorFile, pattern: RegExp): number {
  return new Set(tensors.names.flatMap((name) => pattern.exec(name)?.[1] ?? [])).size;
}

/** Bytes of one row split for the kernels: assemblyscript/halves.ts. */
export function halvesBytes(length: number): number {
  return 16 + 4 * roundUp(length, 16);
}

export function roundUp(count: number, to: number): number {
  return Math.ceil(count / to) * to;
}
