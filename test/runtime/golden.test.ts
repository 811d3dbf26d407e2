/**
 * The pipeline against what training/write_golden.py computed with onnxruntime in Python: one file of test/golden/ per
 * model pack. A case whose PCM differs writes expected, actual and difference to test/failures/ as WAV.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { encodeWav } from '../../bake/wav.ts';
import type { Spectrum } from '../../runtime/engine.ts';
import { createInverseStft } from '../../runtime/inverse-stft.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { createPromptTokenizer, type PromptTokenizer } from '../../runtime/text-encoder.ts';

interface GoldenArray {
  shape: number[];
  /** base64 of little-endian f32. */
  f32: string;
}

interface GoldenCase {
  prompt: string;
  seed: number;
  tokenIds: number[];
  /** Every 16th column. */
  textEmbedding: GoldenArray;
  /** [2, K, V / 8], every 8th of V, of the first step with guidance. */
  firstLogits: GoldenArray;
  greedyCodes: number[][];
  sampledCodes: number[][];
  /** [F, C / 8], every 8th channel, of the sampled codes; absent if the pack has no partials. */
  partialGain?: GoldenArray;
  /** [F, C], likewise. */
  partialFrequency?: GoldenArray;
  /** Before finishing, every 4th sample. */
  pcm: GoldenArray;
}

interface Golden {
  codecFrames: number;
  cases: GoldenCase[];
}

const FOLDER = 'test/golden';
const packs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
  .map((name) => [name, folderOf(name)] as const);

function folderOf(name: string): string {
  return ['test/fixtures', 'models'].map((parent) => `${parent}/${name}`).find(existsSync)!;
}

function floatsOf({ f32 }: GoldenArray): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(f32, 'base64')).buffer);
}

function every(step: number, values: Float32Array): Float32Array {
  return values.filter((_, i) => i % step === 0);
}

/** Root mean square of the difference, relative to that of the expected. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(energy(actual.map((value, i) => value - expected[i]!)) / energy(expected));
}

function writeFailure(name: string, actual: Float32Array, expected: Float32Array, rate: number) {
  mkdirSync('test/failures', { recursive: true });
  const difference = actual.map((value, i) => value - expected[i]!);
  for (const [kind, pcm] of Object.entries({ actual, expected, difference })) {
    writeFileSync(`test/failures/${name}-${kind}.wav`, encodeWav(pcm, rate));
  }
}

describe.each(packs)('golden arrays of %s', (name, folder) => {
  const golden = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Golden;
  const { codecFrames, cases } = golden;
  let node: NodePipeline;
  let tokenizer: PromptTokenizer;
  beforeAll(async () => {
    node = await openNodePipeline(folder);
    tokenizer = createPromptTokenizer(node.pack);
  });
  afterAll(() => node.pipeline.dispose());

  function generate({ prompt, seed }: GoldenCase, greedy: boolean) {
    const { codecFrameRate, sampling } = node.pack.manifest;
    const drawing = greedy ? { ...sampling, temperature: 0, topK: 0, topP: 0 } : sampling;
    const duration = codecFrames / codecFrameRate;
    const request = { ...drawing, id: 1, prompt, seed, duration, loop: false, priority: 0 };
    return node.pipeline.generate(request);
  }

  test.each(cases)('$prompt: token ids are the same', ({ prompt, tokenIds }) => {
    expect(tokenizer.encode(prompt)).toEqual(tokenIds);
  });

  test.each(cases)('$prompt: text embedding and first logits within 1e-5', async (one) => {
    const { engine } = node.pipeline;
    const text = await engine.encodeText(one.tokenIds);
    const columns = text.data.filter((_, i) => (i % text.width) % 16 === 0);
    expect(relativeError(columns, floatsOf(one.textEmbedding))).toBeLessThan(1e-5);
    const { numCodebooks, codebookSize } = node.pack.manifest;
    const stepper = await engine.startTokens(text, true);
    const logits = await stepper.step(new Uint16Array(numCodebooks).fill(codebookSize));
    expect(relativeError(every(8, logits), floatsOf(one.firstLogits))).toBeLessThan(1e-5);
    stepper.dispose();
  });

  test.each(cases)('$prompt: greedy and sampled codes are the same', async (one) => {
    expect([...(await generate(one, true)).codes]).toEqual(one.greedyCodes.flat());
    expect([...(await generate(one, false)).codes]).toEqual(one.sampledCodes.flat());
  });

  test.each(cases)('$prompt: partials within 1e-5, none where there are none', async (one) => {
    const codes = Uint16Array.from(one.sampledCodes.flat());
    const { partials } = await node.pipeline.engine.decode(codes, codecFrames);
    expect(partials?.channels).toBe(node.pack.manifest.partials?.channels);
    expect(partials === undefined).toBe(one.partialGain === undefined);
    if (partials === undefined) return;
    const { gain, frequency } = partials;
    expect(relativeError(every(8, gain), floatsOf(one.partialGain!))).toBeLessThan(1e-5);
    expect(relativeError(frequency, floatsOf(one.partialFrequency!))).toBeLessThan(1e-6);
  });

  test.each(cases)(
    '$prompt: PCM within 1e-5, at the engine’s own frequencies 1e-4',
    async (one) => {
      const { stft, sampleRate } = node.pack.manifest;
      const inverseStft = createInverseStft(await loadKernels(), { ...stft, sampleRate });
      const codes = Uint16Array.from(one.sampledCodes.flat());
      const spectrum = await node.pipeline.engine.decode(codes, codecFrames);
      const expected = floatsOf(one.pcm);
      const expectPcm = (decoded: Spectrum, bound: number) => {
        const actual = every(4, inverseStft.run(decoded));
        const error = relativeError(actual, expected);
        if (error >= bound) writeFailure(`${name}-${one.seed}`, actual, expected, sampleRate / 4);
        expect(error).toBeLessThan(bound);
      };
      const { partials } = spectrum;
      if (partials === undefined) return expectPcm(spectrum, 1e-5);
      // Engines round a frequency to one of two neighbouring floats, and a phase adds up what that differs by.
      expectPcm(spectrum, 1e-4);
      const frequency = floatsOf(one.partialFrequency!);
      expectPcm({ ...spectrum, partials: { ...partials, frequency } }, 1e-5);
    },
  );
});
