/** Twin of assemblyscript/convolve.ts, f32 as the kernel has it. */
const f = Math.fround;

export interface Depthwise {
  /** f32 [kernel, width] */
  weights: Float32Array;
  /** f32 [width] */
  bias: Float32Array;
}

/** @param x f32 [rows + kernel − 1, width] @returns f32 [rows, width] */
export function convolveDepthwise(x: Float32Array, { weights, bias }: Depthwise): Float32Array {
  const width = bias.length;
  return Float32Array.from({ length: x.length - weights.length + width }, (_, i) =>
    weights.reduce(
      (sum, weight, at) => {
        const isOurs = at % width === i % width;
        return isOurs ? f(sum + f(x[i - (i % width) + at]! * weight)) : sum;
      },
      bias[i % width]!,
    ),
  );
}
