/** What our published code weighs: an entry with everything it imports at once, minified, with brotli. */
import { brotliCompressSync } from 'node:zlib';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import configure from '../rollup.config.mjs';

/** @returns {Promise<import('rollup').OutputChunk[]>} */
export async function publishedChunks() {
  const outputs = await Promise.all(
    configure({}).map(async ({ output, ...input }) => {
      const bundle = await rollup(input);
      return (await bundle.generate(output)).output;
    }),
  );
  return outputs.flat().filter((file) => file.type === 'chunk');
}

/**
 * The chunk and what it imports statically, each once.
 * @param {import('rollup').OutputChunk[]} chunks
 * @param {string} fileName
 * @returns {import('rollup').OutputChunk[]}
 */
export function withImports(chunks, fileName) {
  const chunk = chunks.find((one) => one.fileName === fileName);
  if (chunk === undefined) return [];
  const imported = chunk.imports.flatMap((name) => withImports(chunks, name));
  return [...new Set([chunk, ...imported])];
}

/**
 * @param {import('rollup').OutputChunk[]} chunks
 * @param {string} entry
 * @returns {Promise<number>} bytes
 */
export async function weigh(chunks, entry) {
  const parts = withImports(chunks, `${entry}.js`).map(({ code }) =>
    transform(code, { minify: true }),
  );
  const minified = (await Promise.all(parts)).map(({ code }) => brotliCompressSync(code).length);
  return minified.reduce((sum, bytes) => sum + bytes, 0);
}
