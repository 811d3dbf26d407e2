/**
 * What a page's loudspeakers get, measured on the audio thread: however busy the page is, no moment is missed.
 *
 *   … ──▶ AudioContext.destination
 *    └──▶ AudioWorkletNode ──▶ RMS of each side, every 256 samples
 */
import type { Page } from 'playwright';

/** Levels of 256 samples; linear. */
export interface Level {
  /** Seconds on the context's clock. */
  at: number;
  left: number;
  right: number;
}

/** Call it before the page is opened. */
export async function recordLevels(page: Page): Promise<void> {
  await page.addInitScript(tapDestinations);
}

/** Seconds on the context's clock, now. */
export function audioTime(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { levels } = globalThis as unknown as { levels: Level[] };
    return levels.at(-1)?.at ?? 0;
  });
}

/** All from a moment on. */
export function levelsSince(page: Page, from: number): Promise<Level[]> {
  return page.evaluate((at) => {
    const { levels } = globalThis as unknown as { levels: Level[] };
    return levels.filter((level) => level.at > at);
  }, from);
}

/** RMS over all of them, of each side. */
export function meanOf(levels: readonly Level[]): { left: number; right: number } {
  const mean = (side: 'left' | 'right') =>
    Math.sqrt(
      levels.reduce((sum, level) => sum + level[side] ** 2, 0) / Math.max(1, levels.length),
    );
  return { left: mean('left'), right: mean('right') };
}

/**
 * Moments at which it suddenly gets louder: four times as loud as 40 ms before, and audible.
 * @param apart seconds within which it is still the same one.
 */
export function onsetsIn(levels: readonly Level[], apart = 0.15): number[] {
  const loud = levels.map(({ left, right }) => Math.hypot(left, right));
  const onsets: number[] = [];
  for (const [i, level] of levels.entries()) {
    const before = Math.max(0.001, ...loud.slice(Math.max(0, i - 8), Math.max(0, i - 2)));
    const isOnset = (loud[i] ?? 0) > 4 * before;
    if (isOnset && level.at - (onsets.at(-1) ?? -1) > apart) onsets.push(level.at);
  }
  return onsets;
}

/** Runs in the page, before its own scripts. */
function tapDestinations(): void {
  const levels: Level[] = [];
  Object.assign(globalThis, { levels });
  const source = `registerProcessor('levels', class extends AudioWorkletProcessor {
    sums = [0, 0]; count = 0; told = [];
    process([input]) {
      for (const side of [0, 1]) {
        for (const x of input[side] ?? input[0] ?? []) this.sums[side] += x * x;
      }
      this.count += 128;
      if (this.count < 256) return true;
      const [left, right] = this.sums.map((sum) => Math.sqrt(sum / this.count));
      this.told.push({ at: currentTime, left, right });
      this.sums = [0, 0]; this.count = 0;
      if (this.told.length >= 8) { this.port.postMessage(this.told); this.told = []; }
      return true;
    }
  });`;
  const module = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
  const taps = new WeakMap<BaseAudioContext, AudioNode>();

  function tapOf(context: BaseAudioContext): AudioNode {
    const known = taps.get(context);
    if (known) return known;
    const input = context.createGain();
    taps.set(context, input);
    void context.audioWorklet.addModule(module).then(() => {
      const options = { channelCount: 2, channelCountMode: 'explicit' } as const;
      const tap = new AudioWorkletNode(context, 'levels', options);
      tap.port.onmessage = ({ data }: MessageEvent<Level[]>) => {
        levels.push(...data);
        if (levels.length > 60_000) levels.splice(0, 20_000);
      };
      connect.call(input, tap);
      const silence = context.createGain();
      silence.gain.value = 0;
      connect.call(tap, silence);
      connect.call(silence, context.destination);
    });
    return input;
  }

  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode && !(this.context instanceof OfflineAudioContext)) {
      connect.call(this, tapOf(this.context));
    }
    return connect.apply(this, args);
  } as AudioNode['connect'];
}
