/** What a player downloads, in bytes: our code as published, minified, with brotli, and the model's files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';
import { publishedChunks, weigh } from './weigh.mjs';

/** @returns {Promise<{ player_code_brotli: number, baked_code_brotli: number, decoder_weights: number, default_total: number }>} */
export async function measureBytes(model) {
  const { files } = JSON.parse(readFileSync(join(root, model, 'model.json'), 'utf8'));
  const weights = ['tokenizer.json', 'engine.safetensors', 'decoder.safetensors'];
  const chunks = await publishedChunks();
  const code = (await weigh(chunks, 'babylon')) + (await weigh(chunks, 'worker'));
  return {
    player_code_brotli: code,
    baked_code_brotli: (await weigh(chunks, 'player')) + (await weigh(chunks, 'player-worker')),
    decoder_weights: files['decoder.safetensors'].bytes,
    default_total: weights.reduce((sum, file) => sum + files[file].bytes, code),
  };
}
