/**
 * What the npm scripts are made of: run a locked tool, build the kernels when they are out of date. Node 20 only, no packages.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** JavaScript entry of each tool; no shell, so that it is the same on Windows. */
const TOOLS = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  rollup: 'node_modules/rollup/dist/bin/rollup',
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/** Runs a script or a tool of TOOLS in the repository. @returns true when it exits with 0. */
export function run(script, args = [], env = {}) {
  const file = join(root, TOOLS[script] ?? script);
  const { status } = spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** Like `run`, but ends the process when it fails. */
export function mustRun(script, args = []) {
  if (!run(script, args)) process.exit(1);
}

/** runtime/kernels/kernels-binary.ts from assemblyscript/; does nothing when it is up to date. */
export function buildKernels() {
  mustRun('scripts/build-kernels.mjs');
}

/** @returns true when `output` exists and no file of `inputs` (files or folders) is newer. */
export function isFresh(output, inputs) {
  const built = join(root, output);
  if (!existsSync(built)) return false;
  const builtAt = statSync(built).mtimeMs;
  return inputs.every((input) => newest(join(root, input)) <= builtAt);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const times = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(stat.mtimeMs, ...times);
}
