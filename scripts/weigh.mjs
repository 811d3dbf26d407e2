/** What our published code weighs: entries with everything they import at once, minified, with brotli. */
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
 * The name, as of an entry, of the chunk that is fetched when a source file is imported on demand.
 * @param {import('rollup').OutputChunk[]} chunks
 * @param {string} source how the file's path ends
 * @returns {string}
 */
export function onDemand(chunks, source) {
  const isIt = ({ isDynamicEntry, facadeModuleId }) =>
    isDynamicEntry && facadeModuleId.endsWith(source);
  return chunks.find(isIt).fileName.replace(/\.js$/, '');
}

/**
 * What several entries share counts once.
 * @param {import('rollup').OutputChunk[]} chunks
 * @param {...string} entries
 * @returns {Promise<number>} bytes
 */
export async function weigh(chunks, ...entries) {
  const files = new Set(entries.flatMap((entry) => withImports(chunks, `${entry}.js`)));
  const parts = [...files].map(({ code }) => transform(code, { minify: true }));
  const minified = (await Promise.all(parts)).map(({ code }) => brotliCompressSync(code).length);
  return minified.reduce((sum, bytes) => sum + bytes, 0);
}
