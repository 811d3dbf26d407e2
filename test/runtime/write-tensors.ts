/** Writes a safetensors file as training/engine_weights.py does: f32 first, data from a multiple of 64 on. */
import type { Tensor } from '../../runtime/safetensors.ts';

export function writeTensors(tensors: Record<string, Tensor>): Uint8Array<ArrayBuffer> {
  const rank = ([, { data }]: [string, Tensor]) => (data instanceof Float32Array ? 0 : 1);
  const entries = Object.entries(tensors).sort((a, b) => rank(a) - rank(b));
  let end = 0;
  const header = entries.map(([name, { data, shape }]) => {
    const begin = end;
    end += data.byteLength;
    const dtype = data instanceof Float32Array ? 'F32' : 'I8';
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  return withHeader(
    JSON.stringify(Object.fromEntries(header)),
    entries.flatMap(([, { data }]) => [
      ...new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ]),
  );
}

/** @param header any text */
export function withHeader(header: string, data: number[] = []): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const begin = Math.ceil((8 + text.length) / 64) * 64;
  const bytes = new Uint8Array(begin + data.length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(begin - 8), true);
  bytes.set(text, 8);
  bytes.set(data, begin);
  return bytes;
}
