/** `unpack`: a token pack → a folder of texts, which `pack` makes into the same bytes again. */
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { createCommand } from '../command/plain-command.ts';
import { openPackFile, readTakes } from '../packs/pack-file.ts';
import { writeUnpacked } from '../packs/unpacked.ts';

const ARGS = {
  file: { type: 'positional', description: 'Token pack, .foley', required: false },
  output: { type: 'string', alias: 'o', description: 'Folder to write, new or empty' },
} as const;

export const runUnpack = createCommand({
  name: 'unpack',
  about: 'A token pack becomes a folder of JSON: a file for each sound',
  args: ARGS,
  words: { most: 1, missing: 'no token pack. Name a .foley file.' },
  async run([file = ''], { output = '' }, { print }) {
    if (output === '') throw new Error('unpack: no folder. Say where with -o FOLDER.');
    const pack = await openPackFile(file);
    const takes = await readTakes(await loadKernels(), pack);
    const names = await writeUnpacked(output, { place: file, info: pack.info, takes });
    print(`${output}: ${takes.length} takes in ${names.length - 1} sounds`);
  },
});
