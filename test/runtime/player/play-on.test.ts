import { OfflineAudioContext } from 'node-web-audio-api';
import { describe, expect, test } from 'vitest';
import { playOn } from '../../../runtime/player/play-on.ts';

const RATE = 32000;
const pcm = Float32Array.from({ length: 3200 }, (_, i) => Math.sin(i / 7) / 2);
/** node-web-audio-api's context is Web Audio's, but for its type. */
const contextOf = (seconds: number) =>
  new OfflineAudioContext(1, seconds * RATE, RATE) as unknown as BaseAudioContext &
    OfflineAudioContext;

describe('a take on an audio context', () => {
  test('is heard once, from now or from when it was said', async () => {
    const context = contextOf(0.5);
    playOn(context, { pcm, sampleRate: RATE }, { when: 0.1 });
    const heard = (await context.startRendering()).getChannelData(0);
    expect(heard.subarray(3200, 6400)).toEqual(pcm);
    expect(heard.subarray(0, 3200).every((sample) => sample === 0)).toBe(true);
    expect(heard.subarray(6400).every((sample) => sample === 0)).toBe(true);
  });

  test('a loop goes on', async () => {
    const context = contextOf(0.5);
    playOn(context, { pcm, sampleRate: RATE, loop: { start: 0, end: 0.1 } });
    const heard = (await context.startRendering()).getChannelData(0);
    expect(heard.subarray(9600, 12800)).toEqual(pcm);
  });

  test('goes where it is sent', async () => {
    const context = contextOf(0.1);
    const gain = context.createGain();
    gain.gain.value = 0.5;
    gain.connect(context.destination);
    playOn(context, { pcm, sampleRate: RATE }, { destination: gain });
    const heard = (await context.startRendering()).getChannelData(0);
    expect(heard.subarray(0, 3200)).toEqual(pcm.map((sample) => sample / 2));
  });
});
