/**
 * Where the parts of a model lie in memory: structures of 32-bit fields in this order, addresses or counts.
 * runtime/engines/layout.ts lays them down; kernels only read them.
 */
import { splitHalves } from './halves';
import { layerNorm } from './layer-norm';
import { multiply } from './multiply';

/** int8 matrix or table: see multiply.ts, and addLookUp() in rows.ts. */
@unmanaged
export class Matrix {
  weights: usize;
  scales: usize;
  /** 0: none. */
  bias: usize;
  /** Of the rows, see multiply.ts. */
  sums: usize;
  inputs: i32;
  outputs: i32;
}

@unmanaged
export class Norm {
  weight: usize;
  bias: usize;
  width: i32;
  epsilon: f32;
}

/** rows of x → halves (work space) → out */
export function apply(matrix: Matrix, x: usize, rows: i32, halves: usize, out: usize): void {
  splitHalves(x, matrix.inputs << 2, rows, matrix.inputs, halves);
  multiplyBy(matrix, halves, rows, out);
}

/** Rows that are split already → out */
export function multiplyBy(matrix: Matrix, halves: usize, rows: i32, out: usize): void {
  multiply(
    halves,
    rows,
    matrix.weights,
    matrix.scales,
    matrix.bias,
    matrix.sums,
    matrix.inputs,
    matrix.outputs,
    out,
  );
}

export function normalise(norm: Norm, x: usize, rows: i32, out: usize): void {
  layerNorm(x, rows, norm.width, norm.weight, norm.bias, norm.epsilon, out);
}
