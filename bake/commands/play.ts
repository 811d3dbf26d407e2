/**
 * `play`: a token pack → WAV files, without the language model.
 *
 *   sounds.foley ── --sound, --prompt, --seed ──▶ takes ── codec's decoder, finishing as baked ──▶ sounds/rain/steady-rain-0ac337f15b2e.wav
 */
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkCodec, createBakedDecoder, openDecoderPack } from '../../runtime/baked-decoder.ts';
import type { BakedSound } from '../../runtime/contract.ts';
import { messageOf } from '../../runtime/errors.ts';
import { loadFastestKernels } from '../../runtime/kernels/fastest-kernels.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { createCommand } from '../command/plain-command.ts';
import { counted } from '../counted.ts';
import { writeWhole } from '../files/write-whole.ts';
import { assetName, writeAssets } from '../formats.ts';
import { EMBEDDED_MODEL } from '../node-pipeline.ts';
import { CHOICE_ARGS, chooseSounds } from '../packs/choose-sounds.ts';
import { openPackFile } from '../packs/pack-file.ts';

const ARGS = {
  file: { type: 'positional', description: 'Token pack, .foley', required: false },
  output: {
    type: 'string',
    alias: 'o',
    description: 'Folder to write, or a .wav file for a single take (default: named as the pack)',
  },
  ...CHOICE_ARGS,
  model: { type: 'string', description: 'Folder of the model pack (default: the embedded one)' },
} as const;

export const runPlay = createCommand({
  name: 'play',
  about: 'Takes of a token pack become WAV files',
  args: ARGS,
  words: { most: 1, missing: 'no token pack. Name a .foley file.' },
  async run([file = ''], { output = basename(file, '.foley'), model, ...choice }, { print }) {
    const pack = await openPackFile(file);
    const sounds = chooseSounds('play', pack.sounds, choice);
    const files = filesFor(sounds, output);

    const folder = model === undefined ? fileURLToPath(EMBEDDED_MODEL) : resolve(model);
    const { manifest, weights } = await openDecoderPack(folderSource(folder, readFile));
    checkCodec(pack, manifest);
    const kernels = await loadFastestKernels();
    const decoder = createBakedDecoder(kernels, manifest, weights);

    let samples = 0;
    for (const [i, sound] of sounds.entries()) {
      const codes = await pack.readCodes(kernels, sound);
      const take = await decoder.decode({ ...sound, codes });
      await write(files[i] ?? output, await writeAssets('wav', take, sound));
      samples += take.pcm.length;
    }
    const seconds = (samples / pack.info.sampleRate).toFixed(1);
    print(`${output}: ${counted(sounds.length, 'WAV file')}, ${seconds} s`);
  },
});

/** One for each sound, as the user would write them. */
function filesFor(sounds: readonly BakedSound[], output: string): string[] {
  if (!output.endsWith('.wav')) return sounds.map((sound) => join(output, assetName('wav', sound)));
  if (sounds.length === 1) return [output];
  throw new Error(
    `play: ${output} is one file, but ${sounds.length} takes are chosen. Name a folder, or choose with --sound, --prompt and --seed.`,
  );
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  const path = resolve(file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, bytes);
  } catch (error) {
    throw new Error(`play: ${file} cannot be written: ${messageOf(error)}. Choose another place.`);
  }
}
