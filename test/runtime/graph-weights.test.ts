import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fillPlaces } from '../../runtime/engines/graph-weights.ts';
import { ModelPackError } from '../../runtime/errors.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import { readTensors } from '../../runtime/safetensors.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { TINY_PACK } from './tiny-pack.ts';
import { writeTensors } from './write-tensors.ts';

const f = Math.fround;

/** `a`: int8 [rows, …]; `b`: f32. */
function seededFile(rows: number, columns: number, shape = [rows, columns]) {
  const a = Int8Array.from(noise(rows * columns, 1, 127.9));
  const scale = noise(rows, 2, 0.1);
  const b = noise(5, 3);
  const tensors = {
    a: { data: a, shape },
    'a.scale': { data: scale, shape: [rows] },
    b: { data: b, shape: [5] },
  };
  return { file: readTensors(writeTensors(tensors), 'engine.safetensors'), a, scale, b };
}

/** What one place gets, as f32. */
function filled(place: string, file: Parameters<typeof fillPlaces>[1]): number[] {
  const [external] = fillPlaces([place], file);
  expect(external!.path).toBe(place);
  const bytes = external!.data.slice();
  return [...new Float32Array(bytes.buffer)];
}

describe('a place gets', () => {
  test.each(LENGTHS.slice(1))(
    'rows of %i int8 times their scale, and the same turned',
    (columns) => {
      const { file, a, scale } = seededFile(3, columns);
      const value = (row: number, column: number) => f(a[row * columns + column]! * scale[row]!);
      const all = { length: 3 * columns };
      expect(filled('a', file)).toEqual(
        Array.from(all, (_, i) => value(Math.floor(i / columns), i % columns)),
      );
      expect(filled('a/turned', file)).toEqual(
        Array.from(all, (_, i) => value(i % 3, Math.floor(i / 3))),
      );
    },
  );

  test.each(LENGTHS.slice(1))('%i rows', (rows) => {
    const { file, a, scale } = seededFile(rows, 4);
    expect(filled('a', file)).toEqual(Array.from(a, (x, i) => f(x * scale[Math.floor(i / 4)]!)));
  });

  test('a convolution’s scale by its first axis', () => {
    const { file, a, scale } = seededFile(3, 8, [3, 2, 4]);
    expect(filled('a', file)).toEqual(Array.from(a, (x, i) => f(x * scale[Math.floor(i / 8)]!)));
  });

  test('int8 as stored, f32 as stored: views of the file, not copies', () => {
    const { file, a, b } = seededFile(3, 7);
    const [table, bias, scale] = fillPlaces(['a/int8', 'b', 'a.scale'], file);
    expect(new Int8Array(table!.data)).toEqual(a);
    expect(table!.data.buffer).toBe(file.get('a').data.buffer);
    expect(bias!.data).toEqual(new Uint8Array(b.buffer));
    expect(scale!.data.length).toBe(12);
  });
});

test('every place of the tiny pack’s graphs can be filled', async () => {
  const manifest = JSON.parse(await readFile(`${TINY_PACK}/model.json`, 'utf8')) as ModelManifest;
  const bytes = async (name: string) => new Uint8Array(await readFile(`${TINY_PACK}/${name}`));
  for (const [graph, places] of Object.entries(manifest.graphs ?? {})) {
    const name = graph === 'codec-decoder.onnx' ? 'decoder.safetensors' : 'engine.safetensors';
    const filled = fillPlaces(places, readTensors(await bytes(name), name));
    expect(filled.map(({ path }) => path)).toEqual(places);
    expect(filled.every(({ data }) => data.length > 0)).toBe(true);
  }
});

describe('what is missing is named', () => {
  const { file } = seededFile(3, 4);

  test.each([
    ['no such tensor', 'c/turned', 'tensor c: expected it to be there'],
    ['int8 without scales', 'd', 'tensor d.scale: expected it to be there'],
    ['as many scales as rows', 'e', 'tensor e.scale: expected it to be F32 [2], found F32 [3]'],
  ])('%s', (_, place, message) => {
    const data = new Int8Array(4);
    const more = {
      d: { data, shape: [2, 2] },
      e: { data, shape: [2, 2] },
      'e.scale': { data: new Float32Array(3), shape: [3] },
    };
    const damaged = readTensors(writeTensors(more), 'engine.safetensors');
    const from = place === 'c/turned' ? file : damaged;
    expect(() => fillPlaces([place], from)).toThrow(ModelPackError);
    expect(() => fillPlaces([place], from)).toThrow(`engine.safetensors: ${message}`);
  });
});
