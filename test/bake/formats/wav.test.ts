import { describe, expect, test } from 'vitest';
import { encodeWav } from '../../../bake/formats/wav.ts';
import { LENGTHS, noise } from '../../reference/seeded.ts';
import { readInfo, readRiff } from '../../support/audio-files.ts';
import { FACTS } from './facts.ts';

describe('WAV', () => {
  test('the header says rate, one channel, 16 bits and the sizes', () => {
    const view = new DataView(encodeWav(new Float32Array(5), 32000).buffer);
    expect(view.byteLength).toBe(54);
    expect(view.getUint32(4, true)).toBe(46);
    expect([view.getUint16(20, true), view.getUint16(22, true)]).toEqual([1, 1]);
    expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([32000, 64000]);
    expect([view.getUint16(32, true), view.getUint16(34, true)]).toEqual([2, 16]);
    expect(view.getUint32(40, true)).toBe(10);
  });

  test('full scale, rounding and clipping', () => {
    const bytes = encodeWav(Float32Array.of(0, 1, -1, 2, -2, 0.5, 1e-9), 32000);
    const samples = [...new Int16Array(bytes.buffer, 44)];
    expect(samples).toEqual([0, 32767, -32767, 32767, -32767, 16384, 0]);
  });

  test('the samples begin at byte 44, whatever else the file says', () => {
    const pcm = noise(101, 1);
    const plain = encodeWav(pcm, 32000);
    const full = encodeWav(pcm, 32000, { isLoop: true, facts: FACTS });
    expect(full.subarray(8, plain.length)).toEqual(plain.subarray(8));
  });

  test('a loop goes from its first sample to its last, for ever', () => {
    const chunks = readRiff(encodeWav(noise(1000, 2), 32000, { isLoop: true }));
    const sampler = chunks.get('smpl')!;
    const numbers = Array.from({ length: sampler.length / 4 }, (_, i) =>
      sampler.readUInt32LE(4 * i),
    );
    expect(numbers).toEqual([0, 0, 31250, 60, 0, 0, 0, 1, 0, 0, 0, 0, 999, 0, 0]);
    expect(readRiff(encodeWav(noise(1000, 2), 32000)).has('smpl')).toBe(false);
  });

  test('it says what made it, in UTF-8', () => {
    const info = readInfo(readRiff(encodeWav(noise(9, 3), 32000, { facts: FACTS })).get('LIST')!);
    expect(info).toEqual({
      INAM: FACTS.sound,
      ISBJ: FACTS.prompt,
      ICOP: 'MIT',
      ISFT: 'SceneFoley, model foley-tiny',
      ICMT: `Made by a generative model. Model foley-tiny, seed 4294967295, sound key ${FACTS.soundKey}.`,
    });
  });

  test('whatever their lengths, chunks fill the file exactly', () => {
    for (const length of LENGTHS) {
      const facts = { ...FACTS, prompt: 'x'.repeat(length) };
      const chunks = readRiff(encodeWav(noise(length, length), 32000, { facts }));
      expect(chunks.get('data')!.length).toBe(2 * length);
      expect(readInfo(chunks.get('LIST')!).ISBJ).toBe(facts.prompt);
    }
  });
});
