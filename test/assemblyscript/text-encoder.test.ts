/** Whole encoders on guarded memory: the tiny pack's, and one whose widths are no multiples of 4. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createWasmTextEncoder } from '../../runtime/engines/wasm-text-encoder.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';
import { codes, LENGTHS } from '../reference/seeded.ts';
import { SMALL, SMALL_VOCABULARY, smallTextEncoder } from '../reference/small-models.ts';
import * as twin from '../reference/text-encoder.ts';
import { weightsOf } from '../reference/weights.ts';
import { onGuardedMemory } from './guarded-memory.ts';
import { readTinyManifest, readTinyTensors } from './read-tiny-pack.ts';
import { withTensor } from './with-tensor.ts';

interface Model {
  textEncoder: ModelManifest['textEncoder'];
  tensors: TensorFile;
  vocabulary: number;
}

const manifest = await readTinyManifest();
const tiny: Model = {
  textEncoder: manifest.textEncoder,
  tensors: await readTinyTensors('engine.safetensors'),
  vocabulary: 30522,
};
const small: Model = {
  textEncoder: SMALL.textEncoder,
  tensors: smallTextEncoder(),
  vocabulary: SMALL_VOCABULARY,
};

const seededIds = (length: number, { vocabulary }: Model) => [...codes(length, length, vocabulary)];

/** Text states f32 [L, E] of each list of ids. */
function encode(texts: number[][], { textEncoder, tensors }: Model): Promise<Float32Array[]> {
  return onGuardedMemory((kernels) => {
    const encoder = createWasmTextEncoder(kernels, { ...manifest, textEncoder }, tensors);
    return texts.map((ids) => encoder.encode(ids).data);
  });
}

/** The twin's text states of ids. */
function createTwin({ textEncoder, tensors }: Model): (ids: number[]) => number[] {
  const { layers = 0, heads = 0, readLayers = [] } = textEncoder;
  const weights = weightsOf(tensors);
  return (ids) => twin.encodeText(weights, ids, { layers, heads, readLayers }).flat();
}

/** Largest difference of states, which are of size 1. */
function distance(states: Float32Array, wanted: number[]): number {
  expect(states.length).toBe(wanted.length);
  return states.reduce((worst, x, i) => Math.max(worst, Math.abs(x - wanted[i]!)), 0);
}

describe.each([
  ['the tiny pack', tiny],
  ['odd widths', small],
])('%s, against the twin to 2⁻¹⁸', (_, model) => {
  const lengths = LENGTHS.filter((n) => n >= 1 && n <= model.textEncoder.maxTokens);
  const twinStates = createTwin(model);
  let states: Float32Array[];
  beforeAll(async () => {
    states = await encode(
      lengths.map((length) => seededIds(length, model)),
      model,
    );
  });

  test.each(lengths)('%i tokens', (length) => {
    const wanted = twinStates(seededIds(length, model));
    expect(distance(states[length - 1]!, wanted)).toBeLessThan(2 ** -18);
  });

  test('the first and the last word of the vocabulary', async () => {
    const ids = [0, model.vocabulary - 1, 0];
    const [found] = await encode([ids], model);
    expect(distance(found!, twinStates(ids))).toBeLessThan(2 ** -18);
  });

  test.each([[[1]], [[2]], [[2, 1]]])(
    'layers %j, side by side in that order',
    async (readLayers) => {
      const width = (model.textEncoder.width / 2) * readLayers.length;
      const changed = { ...model, textEncoder: { ...model.textEncoder, readLayers, width } };
      const ids = seededIds(9, model);
      const [found] = await encode([ids], changed);
      expect(distance(found!, createTwin(changed)(ids))).toBeLessThan(2 ** -18);
    },
  );

  test('one text after another: the same states as alone', async () => {
    const [long, short] = [seededIds(64, model), seededIds(3, model)];
    const [a, b, again] = await encode([short, long, short], model);
    expect(again).toEqual(a);
    expect((await encode([long], model))[0]).toEqual(b);
  });

  test.each([
    'text.positions',
    'text.layers.0.key.weight.scale',
    'text.layers.1.up.bias',
    'text.layers.1.norm_out.weight',
  ])('NaN in %s reaches the states', async (name) => {
    const tensors = withTensor(model.tensors, name, (data) => data.fill(Number.NaN, 0, 1));
    const [found] = await encode([seededIds(5, model)], { ...model, tensors });
    expect(found!.some(Number.isNaN)).toBe(true);
  });
});
