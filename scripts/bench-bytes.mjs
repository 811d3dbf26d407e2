/** What a player downloads, in bytes: our code as published, minified, with brotli, and the model's files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import configure from '../rollup.config.mjs';
import { root } from './install.mjs';

/** @returns {Promise<{ player_code_brotli: number, decoder_weights: number, default_total: number }>} */
export async function measureBytes(model) {
  const { files } = JSON.parse(readFileSync(join(root, model, 'model.json'), 'utf8'));
  const weights = ['tokenizer.json', 'engine.safetensors', 'decoder.safetensors'];
  const code = await codeBytes();
  return {
    player_code_brotli: code,
    decoder_weights: files['decoder.safetensors'].bytes,
    default_total: weights.reduce((sum, file) => sum + files[file].bytes, code),
  };
}

/** All published entries; a page needs two of them and the worker. */
async function codeBytes() {
  let sum = 0;
  for (const { output, ...input } of configure({})) {
    const bundle = await rollup(input);
    for (const file of (await bundle.generate(output)).output) {
      if (file.type !== 'chunk') continue;
      const { code } = await transform(file.code, { minify: true });
      sum += brotliCompressSync(code).length;
    }
  }
  return sum;
}
