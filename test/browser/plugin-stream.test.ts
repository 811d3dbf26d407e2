/** Streamed playback in Chromium: its resampler, its audio thread. */
import { describe, expect, test, vi } from 'vitest';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createFoleyWith } from '../../plugin/foley.ts';
import { createResampler } from '../../plugin/voices/resampler.ts';
import { createBelt, createFakeRuntime } from '../plugin/fake-runtime.ts';
import { joinErrorDb, PART_RATE, SIGNALS, splitInto } from '../plugin/streamed.ts';

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

/** Blocks in their order: under load Chromium's currentFrame, which would tell their place, stands still at times. */
const RECORDER = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) {
    this.heard ||= input[0]?.some((x) => Math.abs(x) > 1e-5);
    if (this.heard) this.port.postMessage(input[0]?.slice() ?? new Float32Array(128));
    return true;
  }
})`;

/** What reaches the node, on the left, from its first sound on. */
async function createRecorder(context: AudioContext) {
  const url = URL.createObjectURL(new Blob([RECORDER], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(url);
  const node = new AudioWorkletNode(context, 'recorder', { channelCount: 2 });
  node.connect(context.destination);
  const samples: number[] = [];
  node.port.onmessage = ({ data }) => samples.push(...data);
  return { node, samples };
}

/** The largest difference of what was heard from the signal, with its beginning on that of the signal. */
function differenceOf(heard: number[], signal: Float32Array): number {
  const isHeard = (x: number) => Math.abs(x) > 1e-5;
  const shift = heard.findIndex(isHeard) - signal.findIndex(isHeard);
  return signal.reduce((most, x, i) => Math.max(most, Math.abs(x - (heard[shift + i] ?? 0))), 0);
}

test('on a real AudioContext a new sound begins with its first part and is heard without a seam', async () => {
  const context = new AudioContext();
  const { node: destination, samples } = await createRecorder(context);
  const adapter = createWebAudioAdapter({ context, destination });
  const sound = SIGNALS['a sweep']!.map((x) => 0.1 * x);
  const parts = splitInto(sound, [9601, 1601]);
  const belt = createBelt();
  const told = [new Float32Array(3200), new Float32Array(3200)]; // by the first sound of all
  const runtime = createFakeRuntime({
    sampleRate: PART_RATE,
    parts: ({ prompt }) => (prompt === 'sweep' ? belt : told),
  });
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime });
  await foley.unlock();
  const emitter = foley.emitter({ x: -1, y: 0, z: 0 });
  await (await emitter.play('silence')).ended;
  belt.push(parts[0]!.pcm);
  const voice = await emitter.play('sweep');
  const begun = context.currentTime;
  await vi.waitFor(() => expect(context.currentTime).toBeGreaterThan(begun + 0.05));
  for (const { pcm } of parts.slice(1)) belt.push(pcm);
  belt.end();
  await voice.ended;
  const expected = createResampler(PART_RATE / context.sampleRate).push(sound);
  await vi.waitFor(() => expect(differenceOf(samples, expected)).toBeLessThan(1e-6));
  expect(foley.stats()).toMatchObject({ played: 2, starved: 0 });
  await foley.dispose();
  await context.close();
});
