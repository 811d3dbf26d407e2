/** What a player downloads, in bytes: our code as published, minified, with brotli, and the model's files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';
import { onDemand, publishedChunks, weigh } from './weigh.mjs';

/** @returns {Promise<{ player_code_brotli: number, baked_page_code_brotli: number, baked_code_brotli: number, decoder_weights: number, default_total: number }>} */
export async function measureBytes(model) {
  const { files } = JSON.parse(readFileSync(join(root, model, 'model.json'), 'utf8'));
  const weights = ['tokenizer.json', 'engine.safetensors', 'decoder.safetensors'];
  const chunks = await publishedChunks();
  const code = await weigh(chunks, 'babylon', 'live-runtime', 'worker');
  const packs = onDemand(chunks, 'foley-packs.ts');
  return {
    player_code_brotli: code,
    baked_page_code_brotli: await weigh(chunks, 'babylon', packs, 'player-worker'),
    baked_code_brotli: await weigh(chunks, 'player', 'player-worker'),
    decoder_weights: files['decoder.safetensors'].bytes,
    default_total: weights.reduce((sum, file) => sum + files[file].bytes, code),
  };
}
