/** Whole language models on guarded memory: the tiny pack's, and one whose widths are no multiples of 4. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TextEmbedding, TokenGeneration, TokenOptions } from '../../runtime/engine.ts';
import { createWasmLanguageModel } from '../../runtime/engines/wasm-language-model.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';
import * as twin from '../reference/language-model.ts';
import { mixGuidance, sampleCode } from '../reference/sampling.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { SMALL, smallLanguageModel } from '../reference/small-models.ts';
import { weightsOf } from '../reference/weights.ts';
import { onGuardedMemory } from './guarded-memory.ts';
import { readTinyManifest, readTinyTensors } from './read-tiny-pack.ts';

interface Model {
  manifest: ModelManifest;
  tensors: TensorFile;
  textLayers: number;
}

const tiny: Model = {
  manifest: await readTinyManifest(),
  tensors: await readTinyTensors('engine.safetensors'),
  textLayers: 1,
};
const small: Model = { manifest: SMALL, tensors: smallLanguageModel(), textLayers: 2 };
const MODELS = [
  ['the tiny pack', tiny],
  ['odd widths', small],
] as const;

const OPTIONS: TokenOptions = {
  codecFrames: 60,
  guidanceScale: 3,
  temperature: 1,
  topK: 50,
  topP: 0.95,
  seed: 7,
};

function seededText(length: number, { manifest }: Model): TextEmbedding {
  const { width } = manifest.textEncoder;
  return { data: noise(length * width, length, 2), length, width };
}

/** The column before the first step. */
const noneYet = ({ manifest }: Model) =>
  new Uint16Array(manifest.numCodebooks).fill(manifest.codebookSize);

/** The twin's logits f64 [K · V], step after step, of the prompt and of the null condition: a text of zeros. */
function createTwin({ manifest, tensors, textLayers }: Model) {
  const weights = weightsOf(tensors);
  const shape = { ...manifest.languageModel, textLayers };
  return ({ data, length, width }: TextEmbedding) => {
    const states = Array.from({ length }, (_, i) => data.slice(i * width, (i + 1) * width));
    const memory = twin.readText(weights, states, shape);
    const zeros = memory.map((row) => row.map(() => 0));
    return [memory, zeros].map((rows) => twin.startLogits(weights, rows, shape));
  };
}

/** Largest difference, relative to the largest logit. */
function distance(logits: Float32Array, wanted: Float64Array): number {
  expect(logits.length).toBe(wanted.length);
  const largest = wanted.reduce((found, x) => Math.max(found, Math.abs(x)), 0);
  return logits.reduce((worst, x, i) => Math.max(worst, Math.abs(x - wanted[i]!)), 0) / largest;
}

describe.each(MODELS)('%s: the first step, to 2⁻¹⁹ of the largest logit', (_, model) => {
  const lengths = LENGTHS.filter((n) => n >= 1 && n <= model.manifest.textEncoder.maxTokens);
  const twinOf = createTwin(model);
  const [, nullLogits] = twinOf(seededText(1, model)).map((logitsOf) => logitsOf(noneYet(model)));
  let found: Float32Array[];
  beforeAll(async () => {
    found = await onGuardedMemory(async (kernels) => {
      const { start } = createWasmLanguageModel(kernels, model.manifest, model.tensors);
      const logits: Float32Array[] = [];
      for (const length of lengths) {
        const generation = start(seededText(length, model), OPTIONS);
        logits.push((await generation.logits()).slice());
        generation.dispose();
      }
      return logits;
    });
  });

  test.each(lengths)('after a text of %i tokens has the twin’s logits', (length) => {
    const wanted = twinOf(seededText(length, model))[0]!(noneYet(model));
    const logits = found[length - 1]!;
    expect(distance(logits.subarray(0, wanted.length), wanted)).toBeLessThan(2 ** -19);
    expect(distance(logits.subarray(wanted.length), nullLogits!)).toBeLessThan(2 ** -19);
  });
});

interface Step {
  logits: Float32Array;
  column: number[];
}

async function stepsOf(generation: TokenGeneration, count: number): Promise<Step[]> {
  const steps: Step[] = [];
  while (steps.length < count) {
    const logits = (await generation.logits()).slice();
    steps.push({ logits, column: [...(await generation.next())] });
  }
  return steps;
}

describe.each(MODELS)('%s: 67 steps, past the window twice', (_, model) => {
  const { numCodebooks: K, codebookSize: V } = model.manifest;
  const text = seededText(11, model);
  const codecFrames = 67 - (K - 1);
  const run = (guidanceScale: number) =>
    onGuardedMemory((kernels) => {
      const { start } = createWasmLanguageModel(kernels, model.manifest, model.tensors);
      return stepsOf(start(text, { ...OPTIONS, codecFrames, guidanceScale }), 67);
    });

  test.each([1, 3])('with guidance %d logits are the twin’s, to 2⁻¹⁹', async (guidanceScale) => {
    const rows = createTwin(model)(text).slice(0, guidanceScale === 1 ? 1 : 2);
    let column: ArrayLike<number> = noneYet(model);
    for (const step of await run(guidanceScale)) {
      const wanted = rows.flatMap((logitsOf) => [...logitsOf(column)]);
      expect(distance(step.logits, Float64Array.from(wanted))).toBeLessThan(2 ** -19);
      column = step.column;
    }
  });

  test.each([1, 3])('with guidance %d columns are the sampling twin’s, delayed', async (scale) => {
    for (const [step, { logits, column }] of (await run(scale)).entries()) {
      const row = (at: number) => logits.slice(at * V, (at + 1) * V);
      const wanted = column.map((_, k) => {
        if (step < k || step - k >= codecFrames) return V;
        const mixed = scale === 1 ? row(k) : mixGuidance(row(k), row(K + k), scale);
        return sampleCode(mixed, { ...OPTIONS, step, codebook: k });
      });
      expect(column).toEqual(wanted);
    }
  });

  test('a generation that takes the place of another has nothing of it', async () => {
    const short = { ...OPTIONS, codecFrames: 9, guidanceScale: 1 };
    const [fresh, after] = await onGuardedMemory(async (kernels) => {
      const { start } = createWasmLanguageModel(kernels, model.manifest, model.tensors);
      const steps = async (length: number, options: TokenOptions, count: number) => {
        const generation = start(seededText(length, model), options);
        const found = await stepsOf(generation, count);
        generation.dispose();
        return found;
      };
      const first = await steps(5, short, 12);
      await steps(model.manifest.textEncoder.maxTokens, OPTIONS, 30);
      return [first, await steps(5, short, 12)];
    });
    expect(isDeepStrictEqual(after, fresh)).toBe(true);
  });
});
