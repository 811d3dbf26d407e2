/**
 * `pack`: token packs, and folders that `unpack` wrote → one token pack.
 *
 *   a.foley, b.foley, unpacked/ ── each take once ── --sound: some of them ──▶ all.foley
 */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { writeTokenPack } from '../../runtime/token-pack.ts';
import { createCommand } from '../command/plain-command.ts';
import { CHOICE_ARGS, chooseSounds } from '../packs/choose-sounds.ts';
import { mergePacks, type WholePack } from '../packs/merge-packs.ts';
import { openPackFile, readTakes, writePackFile } from '../packs/pack-file.ts';
import { readUnpacked } from '../packs/unpacked.ts';

const ARGS = {
  files: {
    type: 'positional',
    description: 'Token packs (.foley) and folders that unpack wrote; several become one',
    required: false,
  },
  output: { type: 'string', alias: 'o', description: 'Token pack to write, .foley' },
  ...CHOICE_ARGS,
} as const;

export const runPack = createCommand({
  name: 'pack',
  about: 'Several token packs become one; or a pack of some of its sounds',
  args: ARGS,
  words: { most: 1000, missing: 'nothing to pack. Name .foley files, or folders of unpack.' },
  async run([first = '', ...others], { output = '', ...choice }, { print }) {
    if (output === '') throw new Error('pack: no output. Say where with -o FILE.foley.');
    const kernels = await loadKernels();
    const packs: [WholePack, ...WholePack[]] = [await read(kernels, first)];
    for (const path of others) packs.push(await read(kernels, path));
    const all = packs.flatMap((pack) => pack.takes);
    const wanted = new Set(chooseSounds('pack', all, choice));
    const { info, takes } = mergePacks(packs, (take) => wanted.has(take));
    const bytes = writeTokenPack(kernels, info, takes);
    await writePackFile(output, bytes);
    print(`${output}: ${takes.length} takes, ${bytes.length} bytes`);
  },
});

async function read(kernels: Kernels, path: string): Promise<WholePack> {
  const there = await stat(resolve(path)).catch(() => undefined);
  if (there?.isDirectory()) return readUnpacked(path);
  const pack = await openPackFile(path);
  return { place: path, info: pack.info, takes: await readTakes(kernels, pack) };
}
