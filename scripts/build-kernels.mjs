/**
 * Compiles assemblyscript/ to WASM and writes it, as base64, to runtime/kernels/kernels-binary.ts.
 * Does nothing when that file was made from the same sources by the same compiler.
 * Run:  node scripts/build-kernels.mjs   # 3 s, or nothing to do
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = join(ROOT, 'assemblyscript');
const TARGET = join(ROOT, 'runtime/kernels/kernels-binary.ts');

const OPTIONS = [
  'index.ts',
  '-O3',
  '--enable simd',
  '--noAssert',
  '--runtime stub',
  '--importMemory',
  '--initialMemory 1',
].flatMap((option) => option.split(' '));

/** Identifies what the binary is made of. */
function fingerprint(version) {
  const hash = createHash('sha256').update(version).update(OPTIONS.join(' '));
  for (const name of readdirSync(SOURCES).sort()) {
    if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(SOURCES, name)));
  }
  return hash.digest('hex');
}

function upToDate(stamp) {
  try {
    return readFileSync(TARGET, 'utf8').includes(stamp);
  } catch {
    return false;
  }
}

async function compile(asc) {
  let binary;
  const options = [...OPTIONS, '--baseDir', SOURCES, '--outFile', 'kernels.wasm'];
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

function write(binary, stamp) {
  const text = `/** Made by scripts/build-kernels.mjs from assemblyscript/. Fingerprint ${stamp}. */
export const kernelsBinary =
  '${Buffer.from(binary).toString('base64')}';
`;
  mkdirSync(dirname(TARGET), { recursive: true });
  const draft = `${TARGET}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, TARGET);
}

const { version } = JSON.parse(
  readFileSync(join(ROOT, 'node_modules/assemblyscript/package.json'), 'utf8'),
);
const stamp = fingerprint(version);
if (!upToDate(stamp)) {
  const { default: asc } = await import('assemblyscript/asc');
  const binary = await compile(asc);
  write(binary, stamp);
  console.log(`build-kernels: ${binary.length} bytes of WASM`);
}
