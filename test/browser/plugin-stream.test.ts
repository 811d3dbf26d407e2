/** Streamed playback in Chromium: its resampler, its audio thread. */
import { describe, expect, test } from 'vitest';
import { joinErrorDb, SIGNALS } from '../plugin/streamed.ts';

describe('parts in time are, at the joins, the unsplit sound that Chromium resamples', () => {
  const cases = [48000, 44100, 32000].flatMap((sampleRate) =>
    [0, 3, -7, 12].map((pitch) => ({ sampleRate, pitch })),
  );
  test.each(cases)('$sampleRate Hz, pitch $pitch', async (one) => {
    for (const pcm of Object.values(SIGNALS)) {
      expect(await joinErrorDb({ ...one, pcm })).toBeLessThan(-120);
    }
  });

  test('each resampled by itself they are not: the bound can fail', async () => {
    const one = { pcm: SIGNALS['a tone']!, sampleRate: 48000, pitch: 0, naive: true };
    expect(await joinErrorDb(one)).toBeGreaterThan(-20);
  });
});
