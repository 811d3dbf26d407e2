/**
 * The reference of the bench measures what it says: a complete model of foley-tiny's shape, which transformers.js runs.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeMusicgen } from '../../scripts/bench-musicgen.mjs';
import { openMusicgen } from './transformers-js.ts';

const FILES = [
  'config.json',
  'generation_config.json',
  'onnx/decoder_model_merged.onnx',
  'onnx/decoder_model_merged_quantized.onnx',
  'onnx/encodec_decode.onnx',
  'onnx/text_encoder.onnx',
  'tokenizer.json',
  'tokenizer_config.json',
];
const CODEC_FRAMES = 6;

const models = mkdtempSync(join(tmpdir(), 'scenefoley-'));
const folder = join(models, 'musicgen');
beforeAll(() => writeMusicgen(folder, 1));
afterAll(() => rmSync(models, { recursive: true }));

/** SHA-256 of every file by its name. */
function hashes(): Record<string, string> {
  const sum = (file: string) => createHash('sha256').update(readFileSync(join(folder, file)));
  return Object.fromEntries(FILES.map((file) => [file, sum(file).digest('hex')]));
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

test('the folder holds what transformers.js loads, and nothing else', () => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) =>
    join(parentPath, name).slice(folder.length + 1),
  );
  expect(names.map((name) => name.replaceAll('\\', '/')).sort()).toEqual(FILES);
});

test('its language model has the shape of foley-tiny, else training/export_musicgen.py is due', () => {
  const card = readJson('models/foley-tiny/model.json');
  const width = card.languageModel.heads * card.languageModel.headDim;
  expect(readJson(join(folder, 'config.json')).decoder).toMatchObject({
    num_hidden_layers: card.languageModel.layers,
    num_attention_heads: card.languageModel.heads,
    hidden_size: width,
    ffn_dim: 4 * width,
    num_codebooks: card.numCodebooks,
    vocab_size: card.codebookSize,
  });
  const { guidance_scale, top_k } = readJson(join(folder, 'generation_config.json'));
  expect([guidance_scale, top_k]).toEqual([card.sampling.guidanceScale, card.sampling.topK]);
});

test('same seed, same bytes; another seed, other weights', () => {
  const first = hashes();
  writeMusicgen(folder, 2);
  const other = hashes();
  writeMusicgen(folder, 1);
  expect(hashes()).toEqual(first);
  const changed = FILES.filter((file) => other[file] !== first[file]);
  expect(changed).toEqual(FILES.filter((file) => file.includes('decoder_model')));
});

test.each(['fp32', 'q8'] as const)('%s: one code a codebook and codec frame', async (dtype) => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  const { generate, dispose } = await openMusicgen({ ort, models: `${models}/` }, dtype);
  const { codes, steps } = await generate('glass breaks', CODEC_FRAMES);
  await dispose();
  expect(steps).toBe(CODEC_FRAMES + 3);
  expect(codes).toHaveLength(4 * CODEC_FRAMES);
  expect([...codes].every((code) => Number.isInteger(code) && code >= 0 && code < 1024)).toBe(true);
  expect(new Set(codes).size).toBeGreaterThan(CODEC_FRAMES);
  expect(fetched).not.toHaveBeenCalled();
});
