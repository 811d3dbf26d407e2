/** What a sound of a token pack may be. The writer refuses what the reader would. */
import type { BakedSound, Decibels, FinishPlan } from '../contract.ts';
import { messageOf } from '../errors.ts';
import { checkInput, REQUEST_LIMITS } from '../sound-request.ts';
import { isHash, samplesPerCodecFrame, type TokenPackInfo } from './info.ts';
import type { Problem } from './problem.ts';

/** Bytes of UTF-8: a prompt of 256 characters takes at most 1024. */
export const MOST_TEXT = 1024;
/** 20 minutes at 50 Hz. */
export const MOST_CODEC_FRAMES = 65_535;
/** Either way; what is more would leave the numbers that PCM has, and be heard as nothing or as NaN. */
const MOST_GAIN: Decibels = 200;
const MOST_SEED = REQUEST_LIMITS.seed.max;

export function problemOfSound(sound: BakedSound, info: TokenPackInfo): Problem | undefined {
  const { spec, seed, codecFrames, soundKey } = sound;
  return (
    problemOfName('sound', sound.sound) ??
    problemOfName('model', sound.model) ??
    problemOfName('licence', sound.licence) ??
    problemOfRequest(spec, info) ??
    unless(isCount(seed, 0, MOST_SEED), `seed from 0 to ${MOST_SEED}`, seed) ??
    unless(isHash(soundKey), 'soundKey of 64 hexadecimal digits', soundKey) ??
    unless(isCount(codecFrames, 1, MOST_CODEC_FRAMES), 'codecFrames', codecFrames) ??
    problemOfPlan(sound.plan, codecFrames * samplesPerCodecFrame(info)) ??
    unless(isLevel(sound.loudness), 'loudness in LUFS', sound.loudness) ??
    unless(isLevel(sound.truePeak), 'truePeak in dBTP', sound.truePeak)
  );
}

function problemOfName(field: string, text: string): Problem | undefined {
  const fits = text.length > 0 && text.length <= MOST_TEXT / 4 && !/[\p{Cc}\p{Cs}]/u.test(text);
  const expected = `${field} of 1 to ${MOST_TEXT / 4} characters without control characters`;
  return unless(fits, expected, JSON.stringify(text.slice(0, 40)));
}

function problemOfRequest(spec: BakedSound['spec'], info: TokenPackInfo): Problem | undefined {
  try {
    checkInput(spec, info.codebookSize);
  } catch (error) {
    return { expected: 'a sound request within its limits', found: messageOf(error) };
  }
  return unless(spec.prompt === spec.prompt.trim(), 'a trimmed prompt', `'${spec.prompt}'`);
}

function problemOfPlan(plan: FinishPlan, samples: number): Problem | undefined {
  const { start, length, crossfade, correlation, gainDb } = plan;
  const isInside = isCount(length, 1, samples) && isCount(start, 0, samples - length);
  const isCrossed = isCount(crossfade, 0, Math.min(length, samples - length - start));
  const found = `${length} from ${start}, crossfade ${crossfade}`;
  return (
    unless(isInside && isCrossed, `a cut within ${samples} samples`, found) ??
    unless(correlation >= 0 && correlation <= 1, 'correlation from 0 to 1', correlation) ??
    unless(Math.abs(gainDb) <= MOST_GAIN, `gainDb from -${MOST_GAIN} to ${MOST_GAIN}`, gainDb)
  );
}

function isCount(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Decibels; −Infinity is silence. */
function isLevel(value: number): boolean {
  return value === Number.NEGATIVE_INFINITY || Number.isFinite(Math.fround(value));
}

function unless(fits: boolean, expected: string, found: unknown): Problem | undefined {
  return fits ? undefined : { expected, found: String(found) };
}
