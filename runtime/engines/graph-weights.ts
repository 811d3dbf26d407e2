/**
 * Weights of the pack → what its ONNX graphs want at their places.
 *
 *   lm.heads.weight           f32 [rows, …]: int8 times scale where it is stored as int8
 *   lm.heads.weight/turned    the same as [in, out], as MatMul wants it
 *   text.words.weight/int8    int8 as stored
 *
 * Twin: training/onnx_graphs.py.
 */
import type { TensorFile } from '../safetensors.ts';

/** What onnxruntime takes as external data. */
export interface ExternalData {
  path: string;
  data: Uint8Array<ArrayBuffer>;
}

/** @throws ModelPackError that names the tensor if one is missing */
export function fillPlaces(places: string[], tensors: TensorFile): ExternalData[] {
  return places.map((path) => ({ path, data: bytesOf(contentOf(path, tensors)) }));
}

function contentOf(place: string, tensors: TensorFile): Float32Array | Int8Array {
  const [name = '', form] = place.split('/');
  const { data, shape } = tensors.get(name);
  if (data instanceof Float32Array || form === 'int8') return data;
  const [rows = 0] = shape;
  const scaled = scaleRows(data, tensors.f32(`${name}.scale`, [rows]));
  return form === 'turned' ? turn(scaled, rows) : scaled;
}

function scaleRows(data: Int8Array, scale: Float32Array): Float32Array {
  const width = data.length / scale.length;
  const scaled = new Float32Array(data.length);
  for (let row = 0, i = 0; row < scale.length; row++) {
    const factor = scale[row]!;
    for (const end = i + width; i < end; i++) scaled[i] = data[i]! * factor;
  }
  return scaled;
}

/** [rows, columns] → [columns, rows] */
function turn(data: Float32Array, rows: number): Float32Array {
  const columns = data.length / rows;
  const turned = new Float32Array(data.length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) turned[column * rows + row] = data[i]!;
  }
  return turned;
}

function bytesOf(values: Float32Array | Int8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
}
