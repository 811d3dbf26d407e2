/** Voices on an offline context, straight to its destination. */
import type { VoicePlace } from '../../plugin/voice-request.ts';
import { createVoices } from '../../plugin/voices.ts';
import { offlineContext } from './offline.ts';

export function offlineVoices(seconds: number, maxVoices = 4) {
  const context = offlineContext(seconds);
  let running = true;
  const voices = createVoices({ context, maxVoices, isRunning: () => running, now: () => 0 });
  const place: VoicePlace = {
    destination: context.destination,
    volume: 1,
    pitch: 0,
    priority: 0,
    prepare: () => 0,
    distanceGain: () => 1,
  };
  const suspend = () => {
    running = false;
  };
  return { context, voices, place, suspend };
}
