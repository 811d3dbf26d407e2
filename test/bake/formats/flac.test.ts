import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeFlac } from '../../../bake/formats/flac.ts';
import { bytesOfPcm16, toPcm16 } from '../../../bake/formats/pcm16.ts';
import { noise, sine } from '../../reference/seeded.ts';
import { decodeFlac, readComments } from '../../support/audio-files.ts';
import { FACTS } from './facts.ts';

const RATE = 32000;
const encode = (pcm: Float32Array, isLoop = false) =>
  encodeFlac(pcm, RATE, { isLoop, facts: FACTS });

describe('FLAC', () => {
  test('its decoder gives the samples of the WAV', async () => {
    const signals = [
      noise(100, 1),
      noise(4200, 2),
      sine(0.5, RATE, { hertz: 440, amplitude: 0.9 }),
    ];
    for (const pcm of signals) {
      const decoded = await decodeFlac(await encode(pcm));
      expect(decoded.sampleRate).toBe(RATE);
      expect(toPcm16(decoded.pcm)).toEqual(toPcm16(pcm));
    }
  });

  test('a tone takes less room than noise, and that less than 16 bits a sample and a header', async () => {
    const tone = await encode(sine(0.5, RATE, { hertz: 440 }));
    const rough = await encode(noise(16000, 3));
    expect(tone.length).toBeLessThan(0.5 * rough.length);
    expect(rough.length).toBeLessThan(32000 + 1000);
  });

  test('STREAMINFO says rate, channels, bits, samples and the MD5 of the samples', async () => {
    const pcm = noise(5000, 4);
    const file = Buffer.from(await encode(pcm));
    expect(file.toString('latin1', 0, 4)).toBe('fLaC');
    const shape = file.readBigUInt64BE(18);
    expect([shape >> 44n, (shape >> 41n) & 7n, (shape >> 36n) & 31n, shape & 0xfffffffffn]).toEqual(
      [32000n, 0n, 15n, 5000n],
    );
    const md5 = createHash('md5')
      .update(bytesOfPcm16(toPcm16(pcm)))
      .digest('hex');
    expect(file.toString('hex', 26, 42)).toBe(md5);
  });

  test('it says what made it, and where it loops', async () => {
    const file = Buffer.from(await encode(noise(5000, 5), true));
    expect([file[4], file[42]]).toEqual([0, 0x84]); // STREAMINFO, then comments as the last block
    const comments = readComments(file.subarray(46));
    expect(comments).toEqual({
      TITLE: FACTS.sound,
      DESCRIPTION: FACTS.prompt,
      LICENSE: 'MIT',
      ENCODER: 'SceneFoley',
      COMMENT: 'Made by a generative model.',
      MODEL: 'foley-tiny',
      SEED: '4294967295',
      SOUNDKEY: FACTS.soundKey,
      LOOPSTART: '0',
      LOOPLENGTH: '5000',
    });
    const once = Buffer.from(await encode(noise(5000, 5)));
    expect(readComments(once.subarray(46))).not.toHaveProperty('LOOPSTART');
  });

  test('same take, same bytes, also at the same time', async () => {
    const [first, second] = await Promise.all([encode(noise(9000, 6)), encode(noise(9000, 6))]);
    expect(second).toEqual(first);
  });

  test('a rate that FLAC does not know is an error that names it', async () => {
    const wrong = encodeFlac(noise(10, 1), 2_000_000, { isLoop: false, facts: FACTS });
    await expect(wrong).rejects.toThrow('flac: the encoder failed');
  });
});
