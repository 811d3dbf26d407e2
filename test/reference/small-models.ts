/** Models whose widths are no multiples of 4 and whose texts may have any length to 67: tails meet in every step. */
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';
import { named, seededTensors } from './seeded-tensors.ts';

export const SMALL: ModelManifest = {
  ...{ formatVersion: 2, name: 'small', version: '0.0.0', licence: 'MIT', commercialUse: true },
  ...{ sampleRate: 1000, codecFrameRate: 50, numCodebooks: 3, codebookSize: 11 },
  delays: [0, 1, 2],
  stft: { size: 32, hop: 10 },
  partials: { channels: 3 },
  textEncoder: { name: 'small', width: 18, maxTokens: 67, layers: 2, heads: 3, readLayers: [1, 2] },
  languageModel: { layers: 2, heads: 3, headDim: 2, window: 10 },
  sampling: { guidanceScale: 3, temperature: 1, topK: 5, topP: 0 },
  loudness: { oneShot: -20, loop: -23 },
  files: {},
};

/** Words that the small text encoder knows. */
export const SMALL_VOCABULARY = 40;

type Shapes = Record<string, number[]>;

/** Weight and bias of norms. */
const norms = (names: string[], width: number) => ({
  gains: Object.fromEntries(names.map((name) => [`${name}.weight`, [width]])),
  biases: Object.fromEntries(names.map((name) => [`${name}.bias`, [width]])),
});

/** A part's shapes under each of the names. */
const each = (names: string[], shapes: Shapes): Shapes =>
  Object.assign({}, ...names.map((name) => named(name, shapes)));

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}.${i}`);

export function smallTextEncoder(): TensorFile {
  const { textEncoder } = SMALL;
  const width = textEncoder.width / 2;
  const layers = numbered('text.layers', 2);
  const square = ['query', 'key', 'value', 'out'];
  const { gains, biases } = norms(
    ['text.norm', ...layers.flatMap((name) => [`${name}.norm_attention`, `${name}.norm_out`])],
    width,
  );
  return seededTensors({
    matrices: {
      'text.words.weight': [SMALL_VOCABULARY, width],
      ...each(layers, Object.fromEntries(square.map((part) => [`${part}.weight`, [width, width]]))),
      ...each(layers, { 'up.weight': [4 * width, width], 'down.weight': [width, 4 * width] }),
    },
    gains,
    biases: {
      ...biases,
      'text.positions': [textEncoder.maxTokens, width],
      ...each(layers, Object.fromEntries(square.map((part) => [`${part}.bias`, [width]]))),
      ...each(layers, { 'up.bias': [4 * width], 'down.bias': [width] }),
    },
  });
}

export function smallLanguageModel(): TensorFile {
  const { languageModel, textEncoder, numCodebooks, codebookSize } = SMALL;
  const width = languageModel.heads * languageModel.headDim;
  const blocks = numbered('lm.blocks', languageModel.layers);
  const textBlocks = numbered('lm.text_blocks', 2);
  const square = [width, width];
  const text = norms(['lm.text_norm'], textEncoder.width);
  const inside = norms(
    [
      'lm.norm_out',
      ...blocks.flatMap((name) => [`${name}.norm_self`, `${name}.norm_cross`, `${name}.norm_feed`]),
      ...textBlocks.flatMap((name) => [`${name}.norm_self`, `${name}.norm_feed`]),
    ],
    width,
  );
  return seededTensors({
    matrices: {
      ...each(numbered('lm.embeddings', numCodebooks), { weight: [codebookSize + 1, width] }),
      'lm.heads.weight': [numCodebooks * codebookSize, width],
      'lm.text_in.weight': [width, textEncoder.width],
      ...each([...blocks, ...textBlocks], { 'qkv.weight': [3 * width, width] }),
      ...each(blocks, { 'self_out.weight': square, 'cross_query.weight': square }),
      ...each(blocks, { 'cross_key_value.weight': [2 * width, width], 'cross_out.weight': square }),
      ...each(blocks, { 'up.weight': [4 * width, width], 'down.weight': [width, 4 * width] }),
      ...each(textBlocks, { 'out.weight': square }),
      ...each(textBlocks, { 'up.weight': [2 * width, width], 'down.weight': [width, 2 * width] }),
    },
    gains: { ...text.gains, ...inside.gains },
    given: { 'lm.rotary': Float32Array.of(0.7) },
    biases: {
      ...text.biases,
      ...inside.biases,
      'lm.text_in.bias': [width],
      'lm.text_positions': [textEncoder.maxTokens + 1, width],
    },
  });
}

/** @param slow blocks at codec-frame rate @param fast blocks at twice that */
export function smallDecoder({ slow, fast }: { slow: number; fast: number }): TensorFile {
  const [latent, width, hidden] = [5, 7, 9];
  const { numCodebooks, codebookSize } = SMALL;
  const channels = SMALL.partials?.channels ?? 0;
  const rest = SMALL.stft.size / 2 + 1 + 2 * channels;
  const head = rest + SMALL.stft.size + 2;
  const blocks = [...numbered('decoder.slow', slow), ...numbered('decoder.fast', fast)];
  const { gains, biases } = norms(
    ['decoder.norm_in', 'decoder.norm_out', ...blocks.map((name) => `${name}.norm`)],
    width,
  );
  const matrices: Shapes = {
    ...Object.fromEntries(
      numbered('codebooks', numCodebooks).map((n) => [n, [codebookSize, latent]]),
    ),
    'decoder.ahead.weight': [width, latent, 7],
    'decoder.upsample.weight': [2 * width, width],
    'decoder.head.weight': [head, width],
    'decoder.direct.weight': [2 * rest, latent],
    ...each(blocks, { 'up.weight': [hidden, width], 'down.weight': [width, hidden] }),
  };
  return seededTensors({
    matrices,
    gains,
    given: {
      'decoder.centre': Float32Array.of(60, 200, 410),
      'decoder.width': Float32Array.of(30, 70, 90),
    },
    biases: {
      ...biases,
      ...named('decoder', { 'ahead.bias': [width], 'upsample.bias': [2 * width] }),
      ...named('decoder', { 'head.bias': [head], 'direct.bias': [2 * rest] }),
      ...each(blocks, { 'depthwise.weight': [width, 1, 7], 'depthwise.bias': [width] }),
      ...each(blocks, { scale: [width], 'up.bias': [hidden], 'down.bias': [width] }),
    },
  });
}
