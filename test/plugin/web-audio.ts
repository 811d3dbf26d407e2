/** Web Audio in Node; offline.ts measures what comes out of it. */
import * as nodeWebAudio from 'node-web-audio-api';

export * from './offline.ts';

/** Puts AudioContext, OfflineAudioContext, GainNode, … where browsers have them. */
export function installWebAudio(): void {
  const { default: _, mediaDevices: __, ...exported } = nodeWebAudio as Record<string, unknown>;
  Object.assign(globalThis, exported);
}

/** An AudioContext whose clock runs without a sound card. */
export function liveContext(): AudioContext {
  const options = { sinkId: { type: 'none' } };
  return new AudioContext(options as unknown as AudioContextOptions);
}
