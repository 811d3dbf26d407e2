import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assetName, writeAssets } from '../../../bake/formats.ts';
import {
  type BakedDecoder,
  createBakedDecoder,
  openDecoderPack,
} from '../../../runtime/baked-decoder.ts';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import { folderSource } from '../../../runtime/pack-source.ts';
import { bakedTake, bakedTakes } from '../../runtime/baked-takes.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { openPackFolder, type PackFolder } from './run-command.ts';

const MODEL = ['--model', TINY_PACK];
const takes = bakedTakes(6);
let folder: PackFolder;
let decoder: BakedDecoder;
let file: string;
beforeAll(async () => {
  folder = await openPackFolder();
  file = await folder.write('a.foley', takes);
  const { manifest, weights } = await openDecoderPack(folderSource(TINY_PACK, readFile));
  decoder = createBakedDecoder(await loadKernels(), manifest, weights);
});
afterAll(() => folder.dispose());

async function wavOf(index: number): Promise<Buffer> {
  const take = takes[index]!;
  return Buffer.from(await writeAssets('wav', await decoder.decode(take), take));
}

/** Relative to that folder. */
async function wavFiles(name: string): Promise<string[]> {
  const all = await readdir(folder.at(name), { recursive: true });
  return all.filter((file) => file.endsWith('.wav'));
}

describe('play', () => {
  test('every take becomes a WAV file of the PCM that the decoder gives', async () => {
    const { code, printed } = await folder.run('play', file, '-o', folder.at('all'), ...MODEL);
    const seconds = takes.reduce((sum, { plan }) => sum + plan.length, 0) / 32000;
    expect([code, printed]).toEqual([
      0,
      `${folder.at('all')}: 6 WAV files, ${seconds.toFixed(1)} s`,
    ]);
    const names = takes.map((take) => assetName('wav', take));
    expect(names[4]).toMatch(/^rain\/steady-rain-[0-9a-f]{12}\.wav$/);
    expect((await wavFiles('all')).sort()).toEqual(names.sort());
    expect(await readFile(folder.at(`all/${assetName('wav', takes[4]!)}`))).toEqual(await wavOf(4));
  });

  test('some of them: by sound, prompt and seed; a single one where a .wav file is named', async () => {
    const one = folder.at('deep/er/rain.wav');
    const chosen = ['--sound', 'rain', '--prompt', 'steady', '--seed', '5'];
    const { printed } = await folder.run('play', file, ...chosen, '-o', one, ...MODEL);
    expect(printed).toMatch(/rain\.wav: 1 WAV file, \d\.\d s/);
    expect(await readFile(one)).toEqual(await wavOf(5));
  });

  test('names from a pack stay in the folder', async () => {
    const names = ['../../up', 'CON', '/etc/x', '雨', 'a', 'A'];
    const strange = names.map((sound, draw) => bakedTake({ sound, prompt: '..', draw }));
    const pack = await folder.write('strange.foley', strange);
    await folder.run('play', pack, '-o', folder.at('strange'), ...MODEL);
    expect(await wavFiles('strange')).toHaveLength(names.length);
  });
});

describe('what is wrong is one line and exit code 1', () => {
  test('files, options, another codec', async () => {
    const other = await folder.write('other.foley', takes, {
      ...folder.info,
      codecHash: 'ab'.repeat(32),
    });
    const wrong: [string[], string][] = [
      [[], 'play: no token pack'],
      [[folder.at('none.foley')], 'none.foley cannot be read: ENOENT'],
      [[file, '--sound', 'snow'], "no sound 'snow'. There are: footstep, rain."],
      [[file, '-o', 'x.wav'], 'x.wav is one file, but 6 takes are chosen'],
      [[file, '--model', '/nowhere'], '/nowhere/model.json'],
      [[file, '-o', `${file}/in`, ...MODEL], '.wav cannot be written: '],
      [[other, ...MODEL], 'other.foley is of another codec: expected codecHash 0887a243'],
      [[file, '--loud'], 'no option --loud'],
    ];
    for (const [args, message] of wrong) {
      const { code, printed, errors } = await folder.run('play', ...args);
      expect([code, printed, errors.length]).toEqual([1, '', 1]);
      expect(errors[0]).toContain(message);
    }
  });

  test('--help names every option', async () => {
    const { printed } = await folder.run('play', '--help');
    for (const option of ['--output', '--sound', '--prompt', '--seed', '--model']) {
      expect(printed).toContain(option);
    }
  });
});
