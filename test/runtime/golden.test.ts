/**
 * The pipeline against what training/write_golden.py computed with onnxruntime in Python: one file of test/golden/ per
 * model pack. A case whose PCM differs writes expected, actual and difference to test/failures/ as WAV.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeWav } from '../../bake/formats/wav.ts';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { decodeCodes } from '../../runtime/codec-decoder.ts';
import { createOnnxEngine } from '../../runtime/engines/onnx.ts';
import { createWasmEngine } from '../../runtime/engines/wasm.ts';
import { drained } from '../../runtime/generators.ts';
import type { EngineFactory } from '../../runtime/service.ts';
import { loadPromptTokenizer, type PromptTokenizer } from '../../runtime/text-encoder.ts';
import { generateTokens } from '../../runtime/token-lm.ts';

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
  /** Before finishing, every 4th sample. */
  pcm: GoldenArray;
}

interface Golden {
  codecFrames: number;
  cases: GoldenCase[];
  longSeconds: number;
  /** Greedy codes u16 [K, T] as base64. */
  long: { prompt: string; u16: string }[];
}

const FOLDER = 'test/golden';
const ENGINES: Record<string, EngineFactory> = {
  kernels: (pack, { kernels }) => createWasmEngine(pack, kernels),
  onnxruntime: createOnnxEngine,
};
const packs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
  .filter((name) => existsSync(`${folderOf(name)}/model.json`))
  .flatMap((name) => Object.keys(ENGINES).map((engine) => [name, engine] as const));

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

describe.each(packs)('golden arrays of %s on %s', (name, engineName) => {
  const golden = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Golden;
  const { codecFrames, cases } = golden;
  let node: NodePipeline;
  let tokenizer: PromptTokenizer;
  beforeAll(async () => {
    node = await openNodePipeline(folderOf(name), undefined, ENGINES[engineName]);
    tokenizer = await loadPromptTokenizer(node.pack);
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
    const { sampling } = node.pack.manifest;
    const generation = await engine.startTokens(text, { ...sampling, codecFrames, seed: 1 });
    const logits = await generation.logits();
    expect(relativeError(every(8, logits), floatsOf(one.firstLogits))).toBeLessThan(1e-5);
    generation.dispose();
  });

  test.each(cases)('$prompt: greedy and sampled codes are the same', async (one) => {
    expect([...(await generate(one, true)).codes]).toEqual(one.greedyCodes.flat());
    expect([...(await generate(one, false)).codes]).toEqual(one.sampledCodes.flat());
  });

  // Engines round a frequency to one of two neighbouring floats, and a partial's phase adds up what that differs by.
  test.each(cases)('$prompt: PCM within 1e-4', async (one) => {
    const codes = Uint16Array.from(one.sampledCodes.flat());
    const actual = every(
      4,
      await drained(decodeCodes(node.pipeline.engine, codes, codecFrames, [])),
    );
    const expected = floatsOf(one.pcm);
    const error = relativeError(actual, expected);
    const { sampleRate } = node.pack.manifest;
    if (error >= 1e-4) writeFailure(`${name}-${one.seed}`, actual, expected, sampleRate / 4);
    expect(error).toBeLessThan(1e-4);
  });

  // onnxruntime in Python wrote them: one is proof enough for the same arithmetic here.
  const long = engineName === 'kernels' ? golden.long : golden.long.slice(0, 1);
  test.each(long)('$prompt: greedy codes of a long sound are the same', async ({ prompt, u16 }) => {
    const { engine } = node.pipeline;
    const { codecFrameRate, numCodebooks, sampling } = node.pack.manifest;
    const options = {
      ...{ ...sampling, temperature: 0, topK: 0, topP: 0, seed: 0, numCodebooks },
      codecFrames: golden.longSeconds * codecFrameRate,
    };
    let codes = new Uint16Array(0);
    const text = await engine.encodeText(tokenizer.encode(prompt));
    for await (const step of generateTokens(engine, text, options)) {
      codes = step.codes as Uint16Array<ArrayBuffer>;
    }
    expect(Buffer.from(codes.buffer).toString('base64')).toBe(u16);
  });
});
