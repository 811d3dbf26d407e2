/** Gains, read from what a direct current becomes on its way to an ear. */
import type { EmitterHandle } from '../../../plugin/adapter.ts';

/** A source straight ahead. */
export const AHEAD = Math.SQRT1_2; // in each ear, by equal power

/** A direct current, so that a sample is the gain; from 20 ms on nothing ramps. */
export function current({ context }: { context: BaseAudioContext }, handle: EmitterHandle): void {
  const source = new ConstantSourceNode(context);
  if (handle.input !== null) source.connect(handle.input);
  source.start();
}

export const at = (pcm: Float32Array, seconds: number) => pcm[Math.round(seconds * 48000)] ?? 0;
