/** Real takes, one-shots and loops, in every format. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assetName, type FileFormat, writeAssets } from '../../bake/formats.ts';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import type { BakedSound, Take } from '../../runtime/contract.ts';
import { toDb } from '../../runtime/decibels.ts';
import { integratedLoudness } from '../../runtime/loudness.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import { truePeak } from '../../runtime/true-peak.ts';
import { type Decoded, decodeFlac, decodeOpus, readRiff } from '../support/audio-files.ts';

const ONE_SHOTS = [
  'a gun shot',
  'a switch clicks',
  'light footstep on gravel',
  'sword hits a shield',
];
const LOOPS = ['a fire crackles', 'a steady diesel engine'];
const FORMATS: FileFormat[] = ['wav', 'flac', 'opus'];

let node: NodePipeline;
const takes: Take[] = [];
beforeAll(async () => {
  node = await openNodePipeline('models/foley-tiny');
  for (const prompt of [...ONE_SHOTS, ...LOOPS]) {
    const request = { prompt, loop: LOOPS.includes(prompt), seed: takes.length };
    takes.push(await node.pipeline.generate(completeRequest(request, 1, node.pack.manifest)));
  }
});
afterAll(() => node?.pipeline.dispose());

const DECODERS: Record<FileFormat, (file: Uint8Array) => Promise<Decoded>> = {
  wav: async (file) => ({
    pcm: wavPcm(file),
    sampleRate: readRiff(file).get('fmt ')!.readUInt32LE(4),
  }),
  flac: decodeFlac,
  opus: decodeOpus,
};

function wavPcm(file: Uint8Array): Float32Array {
  const data = readRiff(file).get('data')!;
  return Float32Array.from({ length: data.length / 2 }, (_, i) => data.readInt16LE(2 * i) / 32768);
}

function bakedOf(take: Take, sound = 'thing'): BakedSound {
  const {
    id: _id,
    priority: _priority,
    ...spec
  } = completeRequest(
    { prompt: take.prompt, loop: take.loop !== undefined },
    1,
    node.pack.manifest,
  );
  const { seed, soundKey, model, licence } = take;
  const plan = { start: 0, length: take.pcm.length, crossfade: 0, correlation: 0, gainDb: 0 };
  const measured = { codecFrames: 1, loudness: -20, truePeak: -1 };
  return { sound, spec, seed, soundKey, model, licence, plan, ...measured };
}

describe.each(FORMATS)('%s', (format) => {
  test('true peak at most −1 dBTP, loudness that of the take', async () => {
    for (const take of takes) {
      const file = await writeAssets(format, take, bakedOf(take));
      const { pcm, sampleRate } = await DECODERS[format](file);
      expect(pcm.length / sampleRate).toBeCloseTo(take.pcm.length / take.sampleRate, 4);
      const isLoop = take.loop !== undefined;
      expect(toDb(truePeak(node.kernels, pcm, isLoop)), take.prompt).toBeLessThan(-0.9995);
      const wanted = integratedLoudness(node.kernels, take.pcm, take.sampleRate);
      const found = integratedLoudness(node.kernels, pcm, sampleRate);
      expect(Math.abs(found - wanted), take.prompt).toBeLessThan(format === 'opus' ? 1 : 0.01);
    }
  });

  test('it is called by its sound in the map, and by the seed that was used', async () => {
    const [take] = takes as [Take];
    const file = Buffer.from(
      await writeAssets(format, take, { ...bakedOf(take, 'pistol'), seed: 77 }),
    );
    expect(file.includes('pistol') && file.includes(take.soundKey)).toBe(true);
    expect(/seed 77|SEED=77/.test(file.toString('latin1'))).toBe(true);
  });
});

describe('names of files', () => {
  const named = (sound: string, prompt: string) => {
    const [take] = takes as [Take];
    return assetName('opus', {
      ...bakedOf({ ...take, prompt }, sound),
      soundKey: '01234567'.repeat(8),
    });
  };

  test('sound, words, digits of the key', () => {
    expect(named('footstep', 'Light footstep, on gravel!')).toBe(
      'footstep/light-footstep-on-gravel-012345670123.opus',
    );
    expect(named('footstep', 'x'.repeat(256))).toBe(`footstep/${'x'.repeat(60)}-012345670123.opus`);
    expect(named('footstep', '足音')).toBe('footstep/012345670123.opus');
  });

  test('no name leads elsewhere, and two sounds never share a folder', () => {
    const sounds = ['../..', 'a/b', 'a-b', 'A-b', 'ä', 'a', 'con', 'C:\\x', '', '足', '音'];
    const names = sounds.map((sound) => named(sound, '/etc/passwd'));
    for (const name of names) expect(name).toMatch(/^[a-z0-9_-]+\/etc-passwd-012345670123\.opus$/);
    expect(new Set(names).size).toBe(sounds.length);
    expect(named('con', 'x')).not.toMatch(/^con\//);
  });
});
