/**
 * A sound is played while it is made: first enough of it for the measured speed, then each part as it comes.
 *
 *   openStream   TakeStream ── part, part ──▶ parts to begin with, or the take if that was sooner
 *   feed         TakeStream ── part, part, … take ──▶ voice
 */
import type { Seconds, SoundPart } from '../../runtime/contract.ts';
import type { Playable, TakeStream } from '../takes.ts';
import { rateOf } from '../voices/tones.ts';
import type { StreamVoice } from '../voices.ts';

/** So short a wait is left to the audio clock; before a longer one is over, the next part tells more. */
const SOON: Seconds = 0.2;

/**
 * @param pitch semitones it will be played at
 * @throws AbortError, and whatever the runtime throws.
 */
export async function openStream(
  stream: TakeStream,
  pitch: number,
): Promise<SoundPart[] | Playable> {
  const parts: SoundPart[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value;
    parts.push(value);
    if (stream.wait(rateOf(pitch)) <= SOON) return parts;
  }
}

/**
 * Pushes what follows those parts; ends the voice, whatever happens.
 * @returns the take, as soon as it is there.
 * @throws AbortError, and whatever the runtime throws; the voice was stopped.
 */
export async function feed(
  voice: StreamVoice,
  stream: TakeStream,
  parts: SoundPart[],
  pitch: number,
): Promise<Playable> {
  let heard = parts.reduce((sum, part) => sum + secondsOf(part), 0);
  try {
    let next = await stream.next();
    for (; !next.done; next = await stream.next()) {
      voice.push(next.value, stream.wait(rateOf(pitch), heard));
      heard += secondsOf(next.value);
    }
    voice.close();
    return next.value;
  } catch (error) {
    voice.stop();
    throw error;
  }
}

function secondsOf({ pcm, sampleRate }: SoundPart): Seconds {
  return pcm.length / sampleRate;
}
