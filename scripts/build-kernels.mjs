/**
 * Compiles assemblyscript/ to WASM twice and writes it, as base64, to runtime/kernels/:
 *
 *   kernels-binary.ts           SIMD, for everyone
 *   relaxed-kernels-binary.ts   relaxed SIMD, for processors that have its dot product
 *
 * Does nothing when those files were made from the same sources by the same compiler.
 * Run:  node scripts/build-kernels.mjs   # 6 s, or nothing to do
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = join(ROOT, 'assemblyscript');
const TARGETS = {
  'kernels-binary': { name: 'kernelsBinary', features: 'simd' },
  'relaxed-kernels-binary': { name: 'relaxedKernelsBinary', features: 'simd,relaxed-simd' },
};

const OPTIONS = [
  'index.ts',
  '-O3',
  '--noAssert',
  '--runtime stub',
  '--importMemory',
  '--initialMemory 1',
].flatMap((option) => option.split(' '));

/** Identifies what the binary is made of. */
function fingerprint(version) {
  const hash = createHash('sha256')
    .update(version)
    .update(JSON.stringify([OPTIONS, TARGETS]));
  for (const name of readdirSync(SOURCES).sort()) {
    if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(SOURCES, name)));
  }
  return hash.digest('hex');
}

function upToDate(file, stamp) {
  try {
    return readFileSync(pathOf(file), 'utf8').includes(stamp);
  } catch {
    return false;
  }
}

function pathOf(file) {
  return join(ROOT, 'runtime/kernels', `${file}.ts`);
}

async function compile(asc, features) {
  let binary;
  const out = ['--enable', features, '--baseDir', SOURCES, '--outFile', 'kernels.wasm'];
  const options = [...OPTIONS, ...out];
  const { error, stderr } = await asc.main(options, {
    writeFile: (_name, contents) => {
      binary = contents;
    },
  });
  if (error || !binary) {
    throw new Error(`build-kernels: asc failed.\n${stderr.toString()}${error?.message ?? ''}`);
  }
  return binary;
}

function write(file, name, binary, stamp) {
  const text = `/** Made by scripts/build-kernels.mjs from assemblyscript/. Fingerprint ${stamp}. */
export const ${name} =
  '${Buffer.from(binary).toString('base64')}';
`;
  const target = pathOf(file);
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, target);
}

const { version } = JSON.parse(
  readFileSync(join(ROOT, 'node_modules/assemblyscript/package.json'), 'utf8'),
);
const stamp = fingerprint(version);
for (const [file, { name, features }] of Object.entries(TARGETS)) {
  if (upToDate(file, stamp)) continue;
  const { default: asc } = await import('assemblyscript/asc');
  const binary = await compile(asc, features);
  write(file, name, binary, stamp);
  console.log(`build-kernels: ${binary.length} bytes of WASM (${features})`);
}
