/**
 * Key-value cache of the language model: a ring of at most `slots` steps that begins small, because onnxruntime copies
 * all of it at every step.
 *
 *   keys, values   f32 [layers, batch, heads, capacity, headDim]
 *   mask           f32 [capacity]    0 for a slot that holds a step, −1e9 for an empty one
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

/** The arrays are others after a push that made the ring larger. */
export interface KeyValueRing {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly mask: Float32Array;
  readonly capacity: number;
  /** Takes in one step's rows, each f32 [layers, batch, heads, 1, headDim]. */
  push(newKeys: Float32Array, newValues: Float32Array): void;
}

const EMPTY = -1e9;
const FIRST_CAPACITY = 16;

export function createKeyValueRing(shape: RingShape): KeyValueRing {
  const { slots, headDim } = shape;
  const rows = shape.layers * shape.batch * shape.heads;
  let capacity = Math.min(slots, FIRST_CAPACITY);
  let keys = new Float32Array(rows * capacity * headDim);
  let values = new Float32Array(rows * capacity * headDim);
  let mask = new Float32Array(capacity).fill(EMPTY);
  let step = 0;

  function place(into: Float32Array, from: Float32Array, slot: number): void {
    for (let row = 0; row < rows; row++) {
      const at = (row * capacity + slot) * headDim;
      into.set(from.subarray(row * headDim, (row + 1) * headDim), at);
    }
  }

  function grow(): void {
    const wanted = Math.min(slots, 2 * capacity);
    keys = widenRows(keys, rows, wanted * headDim);
    values = widenRows(values, rows, wanted * headDim);
    const wider = new Float32Array(wanted).fill(EMPTY);
    wider.set(mask);
    mask = wider;
    capacity = wanted;
  }

  return {
    get keys() {
      return keys;
    },
    get values() {
      return values;
    },
    get mask() {
      return mask;
    },
    get capacity() {
      return capacity;
    },
    push(newKeys, newValues) {
      const slot = step % slots;
      if (slot >= capacity) grow();
      place(keys, newKeys, slot);
      place(values, newValues, slot);
      mask[slot] = 0;
      step++;
    },
  };
}

/** [rows, n] → [rows, width], zeros behind each row. */
function widenRows(values: Float32Array, rows: number, width: number): Float32Array<ArrayBuffer> {
  const wide = new Float32Array(rows * width);
  const narrow = values.length / rows;
  for (let row = 0; row < rows; row++) {
    wide.set(values.subarray(row * narrow, (row + 1) * narrow), row * width);
  }
  return wide;
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
