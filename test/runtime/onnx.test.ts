import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../runtime/engine.ts';
import { createOnnxEngine } from '../../runtime/engines/onnx.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { loadModelPack, type ModelPack } from '../../runtime/model-pack.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { TINY_PACK } from './tiny-pack.ts';

const OPTIONS = { device: 'wasm', numThreads: 1, logger: silentLogger } as const;
const DOOR = [101, 2341, 102];
const RAIN = [101, 4542, 2006, 9229, 102];

let pack: ModelPack;
let engine: Engine;
beforeAll(async () => {
  pack = await loadModelPack(folderSource(TINY_PACK, readFile));
  engine = await createOnnxEngine(pack, OPTIONS);
});
afterAll(() => engine.dispose());

/** Logits of the first `steps` steps, fed with codes that do not depend on them. */
async function logitsOf(prompt: number[], guided: boolean, steps: number): Promise<Float32Array[]> {
  const stepper = await engine.startTokens(await engine.encodeText(prompt), guided);
  const all: Float32Array[] = [];
  for (let step = 0; step < steps; step++) {
    const tokens = Uint16Array.from({ length: 4 }, (_, k) => (step * 97 + k * 31) % 1024);
    all.push((await stepper.step(tokens)).slice());
  }
  stepper.dispose();
  return all;
}

/** Largest difference of two arrays. */
function distance(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('onnx engine', () => {
  test('says what it is', () => {
    expect(engine.device).toBe('wasm');
    expect(engine.arithmetic).toMatch(/^onnxruntime-web-\d+\.\d+\.\d+-wasm$/);
  });

  test('text embedding f32 [L, D], logits f32 [B, K, V], spectrum [2 T, N/2 + 1], partials [2 T, C], all finite', async () => {
    const text = await engine.encodeText(RAIN);
    expect([text.length, text.width, text.data.length]).toEqual([5, 768, 5 * 768]);
    for (const guided of [false, true]) {
      const [logits] = await logitsOf(RAIN, guided, 1);
      expect(logits!.length).toBe((guided ? 2 : 1) * 4 * 1024);
      expect(logits!.every(Number.isFinite)).toBe(true);
    }
    const codes = Uint16Array.from({ length: 4 * 7 }, (_, i) => (i * 131) % 1024);
    const spectrum = await engine.decode(codes, 7);
    expect([spectrum.frames, spectrum.real.length, spectrum.imag.length]).toEqual([
      14,
      14 * 513,
      14 * 513,
    ]);
    expect(spectrum.real.every(Number.isFinite)).toBe(true);
    const { gain, frequency, channels } = spectrum.partials!;
    expect(channels).toBe(pack.manifest.partials!.channels);
    expect([gain.length, frequency.length]).toEqual([14 * channels, 14 * channels]);
    expect(gain.every((value) => value > 0)).toBe(true);
    expect(frequency.every((hertz) => hertz > 20 && hertz < 16000)).toBe(true);
  });

  test('same input, same logits, past the window of attention too', async () => {
    const steps = pack.manifest.languageModel.window + 5;
    const [a, b] = [await logitsOf(DOOR, true, steps), await logitsOf(DOOR, true, steps)];
    expect(b).toEqual(a);
  });

  test('with guidance row 0 is the prompt as without it, row 1 the same for every prompt', async () => {
    const steps = pack.manifest.languageModel.window + 5;
    const alone = await logitsOf(DOOR, false, steps);
    const guided = await logitsOf(DOOR, true, steps);
    const other = await logitsOf(RAIN, true, steps);
    const half = 4 * 1024;
    for (let step = 0; step < steps; step++) {
      expect(distance(guided[step]!.subarray(0, half), alone[step]!)).toBeLessThan(1e-4);
      const nullRow = guided[step]!.subarray(half);
      expect(distance(nullRow, other[step]!.subarray(half))).toBeLessThan(1e-4);
      expect(distance(nullRow, alone[step]!)).toBeGreaterThan(1e-4);
    }
  });

  test('what a step was fed reaches the steps after it, until it falls out of the window', async () => {
    const { window, layers } = pack.manifest.languageModel;
    const text = await engine.encodeText(DOOR);
    const run = async (first: number) => {
      const stepper = await engine.startTokens(text, false);
      const all: Float32Array[] = [];
      for (let step = 0; step < layers * window + 2; step++) {
        const tokens = new Uint16Array(4).fill(step === 0 ? first : step);
        all.push((await stepper.step(tokens)).slice());
      }
      return all;
    };
    const [a, b] = [await run(5), await run(900)];
    expect(distance(a[1]!, b[1]!)).toBeGreaterThan(1e-4);
    // Each layer hands on what its window saw, so the last trace goes after `layers` windows.
    expect(distance(a.at(-1)!, b.at(-1)!)).toBe(0);
  });

  test('two generations step by step beside each other do not disturb each other', async () => {
    const [alone] = [await logitsOf(DOOR, true, 6)];
    const [a] = await Promise.all([logitsOf(DOOR, true, 6), logitsOf(RAIN, false, 6)]);
    expect(a).toEqual(alone);
  });

  test('a graph that onnxruntime cannot read rejects', async () => {
    const files = { ...pack.files, 'lm-step.onnx': new Uint8Array([1, 2, 3]) };
    await expect(createOnnxEngine({ ...pack, files }, OPTIONS)).rejects.toThrow();
    expect((await engine.encodeText(DOOR)).length).toBe(3);
  });

  test('WebGPU asked for where there is none: WASM and one warning', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const other = await createOnnxEngine(pack, { ...OPTIONS, device: 'webgpu', logger });
    expect(other.device).toBe('wasm');
    expect(other.arithmetic).toBe(engine.arithmetic);
    expect(warnings).toEqual([
      'onnx: no WebGPU here (the browser has none), so sounds are made with WASM, slower.',
    ]);
    await other.dispose();
  });
});
