import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ModelPackError } from '../../runtime/errors.ts';
import { readTensors, type Tensor } from '../../runtime/safetensors.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { TINY_PACK } from './tiny-pack.ts';
import { withHeader, writeTensors } from './write-tensors.ts';

const FILE = 'engine.safetensors';
const read = (bytes: Uint8Array<ArrayBuffer>) => readTensors(bytes, FILE);

function seededTensors(length: number): Record<string, Tensor> {
  return {
    'a.weight': { data: Int8Array.from(noise(2 * length, 1, 127.9)), shape: [2, length] },
    'a.weight.scale': { data: noise(2, 2), shape: [2] },
    'a.bias': { data: noise(length, 3), shape: [length] },
  };
}

/** A file of one tensor. */
function fileOf(entry: unknown, bytes = 8): Uint8Array<ArrayBuffer> {
  return withHeader(JSON.stringify({ 'a.bias': entry }), Array(bytes).fill(0));
}

function errorOf(run: () => unknown): ModelPackError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelPackError);
    return error as ModelPackError;
  }
  throw new Error('nothing was thrown');
}

describe('what is read', () => {
  test.each(LENGTHS)('rows of %i values come back, int8 and f32', (length) => {
    const tensors = seededTensors(length);
    const file = read(writeTensors(tensors));
    expect([...file.names].sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, tensor] of Object.entries(tensors)) expect(file.get(name)).toEqual(tensor);
    expect(file.i8('a.weight', [2, length])).toEqual(tensors['a.weight']!.data);
    expect(file.f32('a.bias', [-1])).toEqual(tensors['a.bias']!.data);
  });

  test('the tiny pack’s own files', async () => {
    for (const name of ['engine.safetensors', 'decoder.safetensors']) {
      const bytes = new Uint8Array(await readFile(`${TINY_PACK}/${name}`));
      const file = readTensors(bytes, name);
      const size = file.names.reduce((sum, each) => sum + file.get(each).data.byteLength, 0);
      const begin = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
      expect([begin % 64, begin + size]).toEqual([0, bytes.length]);
    }
  });

  test('aligned f32 and int8 are views of the file, f32 that is not aligned is a copy', () => {
    const bytes = writeTensors(seededTensors(5));
    const file = read(bytes);
    expect(file.get('a.bias').data.buffer).toBe(bytes.buffer);
    expect(file.get('a.weight').data.buffer).toBe(bytes.buffer);
    for (const shift of [1, 2, 3]) {
      const shifted = new Uint8Array(bytes.length + 4).subarray(shift, shift + bytes.length);
      shifted.set(bytes);
      expect(read(shifted).get('a.bias')).toEqual(file.get('a.bias'));
      expect(read(shifted).get('a.bias').data.buffer).not.toBe(shifted.buffer);
    }
  });

  test('f32 behind an odd number of int8', () => {
    const header = {
      a: { dtype: 'I8', shape: [3], data_offsets: [0, 3] },
      b: { dtype: 'F32', shape: [1], data_offsets: [3, 7] },
    };
    const file = read(withHeader(JSON.stringify(header), [1, 255, 3, 0, 0, 0x80, 0x3f]));
    expect(file.get('a').data).toEqual(Int8Array.of(1, -1, 3));
    expect(file.get('b').data).toEqual(Float32Array.of(1));
  });

  test('a scalar, a tensor of no values and metadata', () => {
    const header = {
      __metadata__: { made: 'by hand' },
      scalar: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      none: { dtype: 'F32', shape: [3, 0], data_offsets: [4, 4] },
    };
    const file = read(withHeader(JSON.stringify(header), [0, 0, 0, 0]));
    expect(file.names).toEqual(['scalar', 'none']);
    expect(file.f32('scalar', [])).toEqual(Float32Array.of(0));
    expect(file.f32('none', [3, 0])).toEqual(new Float32Array(0));
  });
});

describe('damaged headers name the file', () => {
  test.each([0, 1, 7, 8, 9])('a file of %i bytes', (length) => {
    const bytes = writeTensors(seededTensors(3)).slice(0, length);
    expect(errorOf(() => read(bytes)).message).toMatch(
      `safetensors: ${FILE}: expected it to begin with the length of its header, found ${length} bytes`,
    );
  });

  test.each([0n, 1n, 10_000n, 2n ** 63n, 2n ** 64n - 1n])('a header of %i bytes', (length) => {
    const bytes = writeTensors(seededTensors(3));
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    expect(errorOf(() => read(bytes)).message).toMatch(`${FILE}: expected it to begin with`);
  });

  test.each(['no JSON', '{"a": ', '{"a": {}}}', 'null', '5', '"text"', '[1, 2]'])('%s', (text) => {
    expect(errorOf(() => read(withHeader(text))).message).toMatch(
      `safetensors: ${FILE}: expected it to have a JSON header`,
    );
  });
});

describe('damaged tensors name the file and the tensor', () => {
  const good = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

  test.each([
    ['no entry', null, 'of type F32 or I8, found undefined'],
    ['a number', 5, 'of type F32 or I8, found undefined'],
    ['no type', { ...good, dtype: undefined }, 'of type F32 or I8, found undefined'],
    ['a type we do not have', { ...good, dtype: 'F16' }, 'of type F32 or I8, found "F16"'],
    ['a name that every object has', { ...good, dtype: 'constructor' }, 'of type F32 or I8'],
    ['no shape', { ...good, shape: undefined }, 'to have a shape, found undefined'],
    ['a negative length', { ...good, shape: [-2] }, 'to have a shape, found [-2]'],
    ['half a length', { ...good, shape: [0.5] }, 'to have a shape, found [0.5]'],
    [
      'no place',
      { ...good, data_offsets: undefined },
      'to take 8 bytes, found data_offsets undefined',
    ],
    ['half a place', { ...good, data_offsets: [0] }, 'to take 8 bytes, found data_offsets [0]'],
    ['a place before the data', { ...good, data_offsets: [-8, 0] }, 'to take 8 bytes'],
    ['too short a place', { ...good, data_offsets: [0, 7] }, 'to take 8 bytes'],
    ['too long a place', { ...good, data_offsets: [0, 9] }, 'to take 8 bytes'],
    ['a place that ends before it begins', { ...good, data_offsets: [8, 0] }, 'to take 8 bytes'],
    ['a place behind the file', { ...good, data_offsets: [1, 9] }, 'to end within 136 bytes'],
    ['a shape that is too large', { ...good, shape: [2 ** 40, 2 ** 40] }, 'to take 4.8'],
  ])('%s', (_, entry, message) => {
    const { message: found } = errorOf(() => read(fileOf(entry)));
    expect(found).toContain(`safetensors: ${FILE}: tensor a.bias: expected it`);
    expect(found).toContain(message);
    expect(found).toMatch(/\. Export the model again\.$/);
  });

  test('a file cut short, by a byte or more', () => {
    const bytes = writeTensors(seededTensors(7));
    for (const missing of [1, 14, 30]) {
      const { message } = errorOf(() => read(bytes.slice(0, -missing)));
      expect(message).toMatch(/engine\.safetensors: tensor a\.\S+: expected it to end within/);
    }
  });
});

describe('asked for what is not there', () => {
  const file = read(writeTensors(seededTensors(3)));

  test('a missing tensor is named', () => {
    for (const run of [() => file.get('b'), () => file.f32('b', [1]), () => file.i8('b', [1])]) {
      expect(errorOf(run).message).toContain(
        `${FILE}: tensor b: expected it to be there, found none`,
      );
    }
    expect(errorOf(() => file.get('constructor')).message).toContain('tensor constructor');
  });

  test.each([
    ['another type', () => file.f32('a.weight', [2, 3]), 'F32 [2, 3], found I8 [2, 3]'],
    ['the other one', () => file.i8('a.bias', [3]), 'I8 [3], found F32 [3]'],
    ['another length', () => file.f32('a.bias', [4]), 'F32 [4], found F32 [3]'],
    [
      'as many values, other lengths',
      () => file.i8('a.weight', [3, 2]),
      'I8 [3, 2], found I8 [2, 3]',
    ],
    ['fewer dimensions', () => file.i8('a.weight', [6]), 'I8 [6], found I8 [2, 3]'],
    ['more dimensions', () => file.f32('a.bias', [3, -1]), 'F32 [3, any], found F32 [3]'],
  ])('%s is told', (_, run, message) => {
    expect(errorOf(run).message).toContain(`: expected it to be ${message}`);
  });
});
