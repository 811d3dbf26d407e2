/**
 * The arrays in GPU memory that one generation needs: inputs of lm-steps.onnx by name, made once for guidance and the
 * longest text, so that a room serves any request and then the next. Names and shapes: training/onnx_steps.py.
 */
import { type GpuArray, type GpuArrays, shaped } from './gpu-arrays.ts';
import { crossOf } from './step-feeds.ts';

export type Room = Record<string, GpuArray>;

export interface RoomShape {
  layers: number;
  heads: number;
  headDim: number;
  numCodebooks: number;
  /** Steps of the longest sound, rounded up to whole runs. */
  slots: number;
  /** L + 1 of the longest text. */
  textRows: number;
  stepsPerRun: number;
}

/** Inputs that hold keys or values, layer by layer. */
export function cacheNames({ layers }: RoomShape): string[] {
  return Array.from({ length: layers }, (_, i) => [`keys_${i}`, `values_${i}`]).flat();
}

export function layRoom(arrays: GpuArrays, shape: RoomShape): Room {
  const { heads, headDim, numCodebooks, slots, textRows, stepsPerRun } = shape;
  const f32 = (...dims: number[]) => arrays.make('float32', dims);
  const room: Room = { embedded: f32(2, heads * headDim), guide: f32(1, 2), top_p: f32(1) };
  for (const name of cacheNames(shape)) {
    room[name] = f32(2, heads, slots, headDim);
    room[`cross_${name}`] = f32(2, heads, textRows, headDim);
  }
  for (let n = 0; n < stepsPerRun; n++) {
    room[`position_${n}`] = arrays.make('int32', [2]);
    room[`draw_${n}`] = f32(numCodebooks, 1);
    room[`inside_${n}`] = f32(2, numCodebooks);
  }
  return room;
}

/** The room as a batch of 1 or 2 and a text of so many rows see it: the same memory, other shapes. */
export function viewOf(
  room: Room,
  { heads, headDim }: RoomShape,
  batch: 1 | 2,
  rows: number,
): Room {
  const dimsOf = (name: string, dims: number[]) => {
    if (name.startsWith('draw_') || name === 'top_p') return dims;
    if (name === 'guide') return [1, batch];
    return name.startsWith('cross_') ? [batch, heads, rows, headDim] : dims.with(0, batch);
  };
  return Object.fromEntries(
    Object.entries(room).map(([name, array]) => [name, shaped(array, dimsOf(name, array.dims))]),
  );
}

/** What the graph writes where it reads: the keys and values of every step of a run. */
export function cachesOf(view: Room, shape: RoomShape): Room {
  const steps = Array.from({ length: shape.stepsPerRun }, (_, n) => n);
  return Object.fromEntries(
    cacheNames(shape).flatMap((name) => steps.map((n) => [`${name}_${n}`, view[name]!])),
  );
}

/** @param cross keys and values of the text for every layer, f32 [layers, rows, 2, heads, headDim] */
export function writeText(
  arrays: GpuArrays,
  room: Room,
  shape: RoomShape,
  batch: 1 | 2,
  cross: Float32Array,
): void {
  const { layers, heads, headDim } = shape;
  const size = cross.length / layers;
  cacheNames(shape).forEach((name, i) => {
    const layer = Math.floor(i / 2);
    const ofLayer = cross.subarray(layer * size, (layer + 1) * size);
    const part = i % 2 === 0 ? 'keys' : 'values';
    arrays.write(room[`cross_${name}`]!, crossOf(ofLayer, part, { heads, headDim, batch }));
  });
}
