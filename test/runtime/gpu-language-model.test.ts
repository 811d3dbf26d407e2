/** The bookkeeping around lm-steps.onnx, with a graph and a GPU that are none: test/browser/webgpu.test.ts has real ones. */
import { beforeAll, expect, test } from 'vitest';
import type { TokenOptions } from '../../runtime/engine.ts';
import { createGpuArrays, type GpuArray } from '../../runtime/engines/gpu-arrays.ts';
import { createGpuLanguageModel, type Fed } from '../../runtime/engines/gpu-language-model.ts';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { fakePack } from './fake-pack.ts';

const STEPS = 4;
const K = 4;
const { manifest } = fakePack();
const TEXT = { data: new Float32Array(16), length: 2, width: 8 };
const OPTIONS: TokenOptions = { ...manifest.sampling, codecFrames: 6, seed: 1 };

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
});

function fakeDevice() {
  const sizes: number[] = [];
  let destroyed = 0;
  const createBuffer = ({ size }: { size: number }) => {
    sizes.push(size);
    return { destroy: () => destroyed++ };
  };
  const device = { createBuffer, queue: { writeBuffer: () => {} } } as unknown as GPUDevice;
  return { device, sizes, destroyed: () => destroyed };
}

/** Code 10 · run + step in the run for every codebook; `logit` is what the codes have. */
function fakeModel(logit = 1) {
  const gpu = fakeDevice();
  const arrays = createGpuArrays(gpu.device);
  const runs: { fed: Record<string, Fed>; into: Record<string, GpuArray | null> }[] = [];
  const model = createGpuLanguageModel({
    ...{ arrays, kernels, manifest, stepsPerRun: STEPS, longest: 20 },
    rotary: Float32Array.of(1, 0.01),
    readText: ({ length }) => new Float32Array(2 * (length + 1) * 4),
    async run(fed, into) {
      runs.push({ fed, into });
      const codes = Array.from(
        { length: STEPS * K },
        (_, i) => 10 * runs.length + Math.floor(i / K),
      );
      const logits = new Float32Array(K * manifest.codebookSize).fill(runs.length);
      return { picked: Float32Array.from([...codes, ...codes.map(() => logit)]), logits };
    },
  });
  return { model, runs, arrays, gpu };
}

test('one run for every four steps; V outside the pattern; then it is over', async () => {
  const { model, runs } = fakeModel();
  const generation = model.start(TEXT, OPTIONS);
  const columns: number[][] = [];
  for (let step = 0; step < 9; step++) columns.push([...(await generation.next())]);
  expect(runs.length).toBe(3);
  expect(columns[0]).toEqual([10, 64, 64, 64]);
  expect(columns[5]).toEqual([21, 21, 21, 21]);
  expect(columns[8]).toEqual([64, 64, 64, 30]);
  await expect(generation.next()).rejects.toThrow('all 9 steps are done');
});

test('what is read is what is written: keys and values of every step, and the embedding', async () => {
  const { model, runs } = fakeModel();
  await model.start(TEXT, OPTIONS).next();
  const { fed, into } = runs[0]!;
  for (let n = 0; n < STEPS; n++) expect(into[`keys_0_${n}`]).toBe(fed.keys_0);
  expect(into.next_embedded).toBe(fed.embedded);
  expect((fed.keys_0 as GpuArray).dims).toEqual([2, 1, 20, 4]);
  expect((fed.cross_values_0 as GpuArray).dims).toEqual([2, 1, 3, 4]);
  expect([fed.total, fed.top_k]).toEqual([Int32Array.of(4), BigInt64Array.of(16n)]);
});

test('without guidance the batch is 1, in the same memory; a room serves one sound after the other', async () => {
  const { model, runs, gpu } = fakeModel();
  const first = model.start(TEXT, OPTIONS);
  await first.next();
  const made = gpu.sizes.length;
  first.dispose();
  first.dispose();
  const second = model.start(TEXT, { ...OPTIONS, guidanceScale: 1 });
  await second.next();
  expect(gpu.sizes.length).toBe(made);
  const [before, after] = runs.map(({ fed }) => fed.keys_0 as GpuArray);
  expect(after!.buffer).toBe(before!.buffer);
  expect([after!.dims[0], (runs[1]!.fed.guide as GpuArray).dims]).toEqual([1, [1, 1]]);
  const third = model.start(TEXT, OPTIONS);
  await third.next();
  expect(gpu.sizes.length).toBeGreaterThan(made);
});

test('no buffer is shorter than 16 bytes; dispose frees all', () => {
  const { model, arrays, gpu } = fakeModel();
  model.start(TEXT, OPTIONS);
  expect(Math.min(...gpu.sizes)).toBe(16);
  arrays.dispose();
  arrays.dispose();
  expect(gpu.destroyed()).toBe(gpu.sizes.length);
});

test.each([Number.NaN, Number.NEGATIVE_INFINITY, -3e38])('a logit %d is refused', async (logit) => {
  const { model } = fakeModel(logit);
  await expect(model.start(TEXT, OPTIONS).next()).rejects.toThrow(
    'the logits of codebook 0 at step 0 hold NaN or Infinity',
  );
});

test('logits: a run a row, between two runs only', async () => {
  const { model, runs } = fakeModel();
  const generation = model.start(TEXT, OPTIONS);
  const logits = await generation.logits();
  expect([logits.length, logits[0], logits.at(-1)]).toEqual([2 * K * 64, 1, 2]);
  expect(runs.map(({ into }) => 'next_embedded' in into)).toEqual([false, false]);
  await generation.next();
  await expect(generation.logits()).rejects.toThrow('before every 4th step, we are at step 1');
});

test('warming up runs the beginning and what lies past the window', async () => {
  const { model, runs } = fakeModel();
  await model.warmUp();
  expect(runs.map(({ fed }) => fed.total)).toEqual([Int32Array.of(4), Int32Array.of(12)]);
});

test('a sound longer than the longest is refused', () => {
  const { model } = fakeModel();
  expect(() => model.start(TEXT, { ...OPTIONS, codecFrames: 18 })).toThrow(
    'at most 20 steps are wanted, we got 21',
  );
});
