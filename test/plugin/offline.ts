/** Offline rendering with steps on the way, and how to measure what came out; in Node and in a browser. */

export const SAMPLE_RATE = 48000;

export function offlineContext(seconds: number): OfflineAudioContext {
  return new OfflineAudioContext(2, Math.ceil(seconds * SAMPLE_RATE), SAMPLE_RATE);
}

/** Runs each step at its time, to the next 128 samples, while the context renders; those at 0 are over before it starts. */
export async function renderWith(
  context: OfflineAudioContext,
  steps: Record<number, () => unknown>,
): Promise<{ left: Float32Array; right: Float32Array }> {
  const { 0: first, ...later } = steps;
  const done: Promise<void>[] = [];
  for (const [time, step] of Object.entries(later)) {
    done.push(runAt(context, Number(time), step));
    await isTakenDown();
  }
  await first?.();
  const [buffer] = await Promise.all([context.startRendering(), ...done]);
  // Copies: in node-web-audio-api the channels' memory goes with the buffer.
  return { left: buffer.getChannelData(0).slice(), right: buffer.getChannelData(1).slice() };
}

async function runAt(
  context: OfflineAudioContext,
  time: number,
  step: () => unknown,
): Promise<void> {
  await context.suspend(time);
  await turnOfTheLoop();
  try {
    await step();
  } finally {
    void context.resume();
  }
}

/**
 * In Node a thread takes calls down, and refuses suspensions that come after the start. It is one thread alone, see
 * vitest.config.ts, so a call has been taken down once another one is answered. (Of several that wait it may prefer the last.)
 */
async function isTakenDown(): Promise<void> {
  if ('process' in globalThis) await new OfflineAudioContext(1, 1, SAMPLE_RATE).startRendering();
}

/** What ended before the suspension is told by then: its event comes by another way than the suspension's promise. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A pulse every time silence of 5 ms is broken: when it began, in seconds, and its highest sample. */
export function pulsesOf(pcm: Float32Array): { time: number; peak: number }[] {
  const gap = 0.005 * SAMPLE_RATE;
  const found: { time: number; peak: number }[] = [];
  let last = -gap - 1;
  pcm.forEach((value, i) => {
    const level = Math.abs(value);
    if (level < 1e-3) return;
    const current = found.at(-1);
    if (i - last > gap || current === undefined) found.push({ time: i / SAMPLE_RATE, peak: level });
    else current.peak = Math.max(current.peak, level);
    last = i;
  });
  return found;
}

export function rms(pcm: Float32Array, from = 0, to = pcm.length / SAMPLE_RATE): number {
  const part = pcm.subarray(Math.round(from * SAMPLE_RATE), Math.round(to * SAMPLE_RATE));
  return Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
}

/** The largest difference between neighbouring samples: a click is one that the sound itself does not have. */
export function maxStep(pcm: Float32Array): number {
  let largest = 0;
  for (let i = 1; i < pcm.length; i++) {
    largest = Math.max(largest, Math.abs((pcm[i] ?? 0) - (pcm[i - 1] ?? 0)));
  }
  return largest;
}
