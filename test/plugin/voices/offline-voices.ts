/** Voices on an offline context, straight to its destination. */
import type { VoicePlace, VoiceRequest } from '../../../plugin/voices/voice-request.ts';
import { createVoices } from '../../../plugin/voices.ts';
import { offlineContext, SAMPLE_RATE } from '../offline.ts';

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

/** Those, and requests for clips. */
export function requestsOf(seconds: number, maxVoices?: number) {
  const { place, ...world } = offlineVoices(seconds, maxVoices);
  const request = (pcm: Float32Array, fields: Partial<VoiceRequest> = {}): VoiceRequest => {
    const buffer = world.context.createBuffer(1, pcm.length, SAMPLE_RATE);
    buffer.copyToChannel(pcm as Float32Array<ArrayBuffer>, 0);
    return { ...place, buffer, duration: buffer.duration, loop: null, ...fields };
  };
  return { ...world, place, request };
}
