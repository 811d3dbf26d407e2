/**
 * Tensors of a safetensors file: 8 bytes of header length, a JSON header, data.
 *
 *   { "name": { "dtype": "I8", "shape": [4096, 256], "data_offsets": [begin, end] }, … }
 *
 * Read without copying. F32 and I8 only: that is what a model pack holds. Format: huggingface/safetensors, 0.x.
 */
import { ModelPackError, messageOf } from './errors.ts';

export interface Tensor {
  /** Row-major. */
  data: Float32Array | Int8Array;
  shape: number[];
}

export interface TensorFile {
  names: string[];
  /** @throws ModelPackError that names the tensor, unless it is f32 and of that shape; a length of −1 is any. */
  f32(name: string, shape: number[]): Float32Array;
  /** Likewise for int8. */
  i8(name: string, shape: number[]): Int8Array;
  /** @throws ModelPackError if there is none. */
  get(name: string): Tensor;
}

/** Bytes of a value. */
const TYPES = new Map<unknown, number>([
  ['F32', 4],
  ['I8', 1],
]);

/**
 * @param file its name, for messages
 * @throws ModelPackError if the header cannot be read or a tensor's type, shape and place do not fit together
 */
export function readTensors(bytes: Uint8Array<ArrayBuffer>, file: string): TensorFile {
  const { header, begin } = readHeader(bytes, file);
  const tensors = new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, entry]) => [name, tensorOf(bytes, begin, entry, `${file}: tensor ${name}`)]),
  );
  const get = (name: string): Tensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw damaged(`${file}: tensor ${name}`, 'to be there', 'none');
    return tensor;
  };
  function typed(name: string, type: string, shape: number[]): Tensor['data'] {
    const { data, shape: found } = get(name);
    const fits =
      found.length === shape.length && found.every((n, i) => shape[i]! < 0 || n === shape[i]);
    const isType = typeOf(data) === type;
    if (fits && isType) return data;
    const expected = `${type} [${shape.map((n) => (n < 0 ? 'any' : n)).join(', ')}]`;
    throw damaged(
      `${file}: tensor ${name}`,
      `to be ${expected}`,
      `${typeOf(data)} [${found.join(', ')}]`,
    );
  }
  return {
    names: [...tensors.keys()],
    get,
    f32: (name, shape) => typed(name, 'F32', shape) as Float32Array,
    i8: (name, shape) => typed(name, 'I8', shape) as Int8Array,
  };
}

function typeOf(data: Tensor['data']): string {
  return data instanceof Float32Array ? 'F32' : 'I8';
}

function readHeader(bytes: Uint8Array<ArrayBuffer>, file: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true));
  const begin = 8 + length;
  if (length < 2 || begin > bytes.length) {
    throw damaged(`${file}`, 'to begin with the length of its header', `${bytes.length} bytes`);
  }
  const header = parsed(new TextDecoder().decode(bytes.subarray(8, begin)), file);
  if (isRecord(header)) return { header, begin };
  throw damaged(file, 'to have a JSON header of tensors', JSON.stringify(header).slice(0, 40));
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(file, 'to have a JSON header', messageOf(error));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tensorOf(
  bytes: Uint8Array<ArrayBuffer>,
  begin: number,
  entry: unknown,
  name: string,
): Tensor {
  const { dtype, shape, data_offsets: at } = isRecord(entry) ? entry : {};
  const size = TYPES.get(dtype);
  if (size === undefined) throw damaged(name, 'to be of type F32 or I8', JSON.stringify(dtype));
  if (!isCounts(shape)) throw damaged(name, 'to have a shape', JSON.stringify(shape));
  const count = shape.reduce((product, length) => product * length, 1);
  if (!isCounts(at) || at.length !== 2 || at[1]! - at[0]! !== count * size) {
    throw damaged(name, `to take ${count * size} bytes`, `data_offsets ${JSON.stringify(at)}`);
  }
  if (begin + at[1]! > bytes.length) {
    throw damaged(
      name,
      `to end within ${bytes.length} bytes`,
      `data_offsets ${JSON.stringify(at)}`,
    );
  }
  const from = bytes.byteOffset + begin + at[0]!;
  return { data: viewOf(bytes.buffer, from, count, size), shape };
}

/** A copy where the place does not suit the type. */
function viewOf(buffer: ArrayBuffer, from: number, count: number, size: number): Tensor['data'] {
  if (size === 1) return new Int8Array(buffer, from, count);
  if (from % 4 === 0) return new Float32Array(buffer, from, count);
  return new Float32Array(buffer.slice(from, from + 4 * count));
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function damaged(what: string, expected: string, found: string): ModelPackError {
  return new ModelPackError(
    `safetensors: ${what}: expected it ${expected}, found ${found}. Export the model again.`,
  );
}
