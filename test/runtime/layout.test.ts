import { describe, expect, test } from 'vitest';
import { countOf, createLayout, halvesBytes, roundUp } from '../../runtime/engines/layout.ts';
import { swapInner } from '../../runtime/engines/wasm-codec-decoder.ts';
import { ModelPackError } from '../../runtime/errors.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { readTensors } from '../../runtime/safetensors.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { writeTensors } from './write-tensors.ts';

const kernels = await loadKernels();
const { memory } = kernels;

/** A matrix [outputs, inputs] `a` with scales and bias, a norm `n`, a table `t`, codebook `c`; `d` and `e` lack one. */
function layoutOf(inputs: number, outputs: number, shape = [outputs, inputs]) {
  const weights = Int8Array.from(noise(inputs * outputs, 1, 127.9));
  const f32 = (length: number, seed: number) => ({ data: noise(length, seed), shape: [length] });
  const tensors = {
    'a.weight': { data: weights, shape },
    'a.weight.scale': f32(outputs, 2),
    'a.bias': f32(outputs, 3),
    'n.weight': f32(inputs, 4),
    'n.bias': f32(inputs, 5),
    t: { data: noise(inputs * outputs, 6), shape: [outputs, inputs] },
    c: { data: weights, shape: [outputs, inputs] },
    'c.scale': f32(outputs, 7),
    d: { data: weights, shape: [outputs, inputs] },
    'e.weight': { data: weights, shape: [outputs, inputs] },
    'e.weight.scale': f32(outputs, 8),
  };
  const file = readTensors(writeTensors(tensors), 'engine.safetensors');
  return { layout: createLayout(kernels, file), tensors };
}

/** What a Matrix of assemblyscript/model.ts points at. */
function readMatrix(address: number) {
  const [weights, scales, bias, _sums, inputs, outputs] = memory.u32(address, 6);
  return {
    weights: memory.i8(weights!, inputs! * outputs!),
    scales: memory.f32(scales!, outputs!),
    bias: bias === 0 ? undefined : memory.f32(bias!, outputs!),
    ...{ inputs, outputs },
  };
}

describe('laid down', () => {
  test.each(LENGTHS.slice(1))('a matrix of %i inputs lies as it lies in the file', (inputs) => {
    const { layout, tensors } = layoutOf(inputs, 3);
    const plain = readMatrix(layout.matrix('a', inputs, 3));
    expect(plain.weights).toEqual(tensors['a.weight'].data);
    expect(plain.scales).toEqual(tensors['a.weight.scale'].data);
    expect([plain.bias, plain.inputs, plain.outputs]).toEqual([undefined, inputs, 3]);
    const biased = readMatrix(layout.matrix('a', inputs, 3, { bias: true }));
    expect(biased.bias).toEqual(tensors['a.bias'].data);
  });

  test('what a kernel reads past a matrix is not the next thing', () => {
    const { layout } = layoutOf(5, 3);
    const address = layout.matrix('a', 5, 3);
    const [weights] = memory.u32(address, 1);
    const next = layout.room(4);
    const scales = memory.u32(address, 2)[1]!;
    expect(Math.min(next, scales) - (weights! + 15)).toBeGreaterThanOrEqual(7);
  });

  test('a convolution [outputs, channels, taps] is turned to [outputs, taps, channels]', () => {
    const shape = [4, 2, 3];
    const { layout, tensors } = layoutOf(6, 4, shape);
    const turn = (data: Int8Array) => swapInner(data, 2, 3);
    const { weights, scales } = readMatrix(layout.matrix('a', 6, 4, { shape, turn }));
    const data = tensors['a.weight'].data;
    const at = (o: number, tap: number, channel: number) => data[o * 6 + channel * 3 + tap];
    expect([...weights]).toEqual(
      Array.from(data, (_, i) => at(Math.floor(i / 6), Math.floor(i / 2) % 3, i % 2)),
    );
    expect(scales).toEqual(tensors['a.weight.scale'].data);
  });

  test('a codebook, a table, a norm', () => {
    const { layout, tensors } = layoutOf(5, 4);
    const codebook = readMatrix(layout.codebook('c', 5, 4));
    expect(codebook.weights).toEqual(tensors.c.data);
    expect(codebook.scales).toEqual(tensors['c.scale'].data);
    expect([codebook.bias, codebook.inputs, codebook.outputs]).toEqual([undefined, 5, 4]);
    expect(memory.f32(layout.table('t', [4, 5]), 20)).toEqual(tensors.t.data);
    const norm = layout.norm('n', 5, 1e-5);
    const [weight, bias, width] = memory.u32(norm, 3);
    expect(memory.f32(weight!, 5)).toEqual(tensors['n.weight'].data);
    expect(memory.f32(bias!, 5)).toEqual(tensors['n.bias'].data);
    expect([width, memory.f32(norm, 4)[3]]).toEqual([5, Math.fround(1e-5)]);
  });

  test('a structure holds its fields in order, floats as f32', () => {
    const { layout } = layoutOf(1, 1);
    const address = layout.struct([7, { float: 0.1 }, 2 ** 32 - 1]);
    const words = memory.u32(address, 3);
    expect([words[0], words[2]]).toEqual([7, 2 ** 32 - 1]);
    expect(memory.f32(address, 2)[1]).toBe(Math.fround(0.1));
    expect(layout.struct([])).toBeGreaterThan(address);
  });

  test('what was laid down stays, however much comes after it', () => {
    const { layout, tensors } = layoutOf(50, 40);
    const address = layout.matrix('a', 50, 40, { bias: true });
    layout.room(3_000_000);
    kernels.scratch((arena) => arena.u8(arena.reserve(1e6), 1e6).fill(0xff));
    expect(readMatrix(address).weights).toEqual(tensors['a.weight'].data);
    expect(readMatrix(address).bias).toEqual(tensors['a.bias'].data);
  });
});

describe('what does not fit is a ModelPackError that names file and tensor', () => {
  const { layout } = layoutOf(6, 4);
  test.each([
    ['another width', () => layout.matrix('a', 5, 4), 'a.weight: expected it to be I8 [4, 5]'],
    ['no matrix', () => layout.matrix('b', 6, 4), 'b.weight: expected it to be there'],
    ['no scales', () => layout.codebook('d', 6, 4), 'd.scale: expected it to be there'],
    ['no bias', () => layout.matrix('e', 6, 4, { bias: true }), 'e.bias: expected it to be there'],
    ['another table', () => layout.table('t', [6, 4]), 't: expected it to be F32 [6, 4]'],
    ['another norm', () => layout.norm('n', 4, 1), 'n.weight: expected it to be F32 [4]'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(ModelPackError);
    expect(run).toThrow(`engine.safetensors: tensor ${message}`);
  });
});

describe('sizes', () => {
  test('a row’s halves take what the kernel says', () => {
    for (const length of [...LENGTHS, 4096]) {
      expect(halvesBytes(length)).toBe(kernels.call.halvesBytes(length));
    }
  });

  test('rounded up to a multiple', () => {
    expect([0, 1, 8, 9].map((count) => roundUp(count, 8))).toEqual([0, 8, 8, 16]);
  });

  test('layers are counted by the indices in their names, each once', () => {
    const value = { data: new Float32Array(1), shape: [1] };
    const names = ['x.0.a', 'x.0.b', 'x.1.a', 'x.10.a', 'y.2.a', 'ax.3.a'];
    const file = readTensors(writeTensors(Object.fromEntries(names.map((n) => [n, value]))), 'f');
    expect(countOf(file, /^x\.(\d+)\./)).toBe(3);
    expect(countOf(file, /^z\.(\d+)\./)).toBe(0);
  });
});

describe('inner axes', () => {
  test('[outer, rows, columns] → [outer, columns, rows], and back', () => {
    const data = Int8Array.from({ length: 12 }, (_, i) => i);
    const swapped = swapInner(data, 2, 3);
    expect([...swapped]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
    expect(swapInner(swapped, 3, 2)).toEqual(data);
  });
});
