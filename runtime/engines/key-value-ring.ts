/**
 * Key-value cache of the language model: a ring of `slots` steps.
 *
 *   keys, values   f32 [layers, batch, heads, slots, headDim]
 *   mask           f32 [slots]    0 for a slot that holds a step, −1e9 for an empty one
 *
 *   step s goes to slot s mod slots, over the step that fell out of the window. Keys carry their rotary position, so
 *   attention does not care about the order of slots.
 */
export interface RingShape {
  layers: number;
  batch: number;
  heads: number;
  headDim: number;
  slots: number;
}

export interface KeyValueRing {
  keys: Float32Array;
  values: Float32Array;
  mask: Float32Array;
  /** Takes in one step's rows, each f32 [layers, batch, heads, 1, headDim]. */
  push(newKeys: Float32Array, newValues: Float32Array): void;
}

const EMPTY = -1e9;

export function createKeyValueRing(shape: RingShape): KeyValueRing {
  const { slots, headDim } = shape;
  const rows = shape.layers * shape.batch * shape.heads;
  const keys = new Float32Array(rows * slots * headDim);
  const values = new Float32Array(rows * slots * headDim);
  const mask = new Float32Array(slots).fill(EMPTY);
  let step = 0;

  function place(into: Float32Array, from: Float32Array, slot: number): void {
    for (let row = 0; row < rows; row++) {
      const at = (row * slots + slot) * headDim;
      into.set(from.subarray(row * headDim, (row + 1) * headDim), at);
    }
  }

  return {
    keys,
    values,
    mask,
    push(newKeys, newValues) {
      const slot = step % slots;
      place(keys, newKeys, slot);
      place(values, newValues, slot);
      mask[slot] = 0;
      step++;
    },
  };
}

/**
 * The prompt's cross-attention rows for a batch: row 0 the prompt, row 1 (guidance) the null condition, all zeros.
 *
 *   cross f32 [layers, 1, …]  →  f32 [layers, batch, …]
 */
export function widenCross(cross: Float32Array, layers: number, batch: number): Float32Array {
  if (batch === 1) return cross;
  const size = cross.length / layers;
  const wide = new Float32Array(cross.length * batch);
  for (let layer = 0; layer < layers; layer++) {
    wide.set(cross.subarray(layer * size, (layer + 1) * size), layer * batch * size);
  }
  return wide;
}
