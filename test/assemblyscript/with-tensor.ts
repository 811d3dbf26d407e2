/** Weights with one of them changed. */
import type { TensorFile } from '../../runtime/safetensors.ts';

/** @param change an f32 tensor's values, in place: they are a copy */
export function withTensor(
  tensors: TensorFile,
  name: string,
  change: (data: Float32Array) => void,
): TensorFile {
  const changed = tensors.f32(name, tensors.get(name).shape).slice();
  change(changed);
  return {
    ...tensors,
    f32: (asked, shape) => (asked === name ? changed : tensors.f32(asked, shape)),
  };
}
