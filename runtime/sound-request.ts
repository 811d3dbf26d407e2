/**
 * Checks a sound request and fills in what was left out.
 *
 *   SoundRequestInput  →  checkInput  →  completeRequest  →  SoundRequest
 *   (from anyone)         (limits)       (model's defaults)
 *
 * Every refusal is a RangeError that names the field, its limits and the value.
 */
import type { SamplingDefaults, SoundRequest, SoundRequestInput } from './contract.ts';

/** Limits of the numeric fields, both ends included. `topK` is also limited by the model's codebook size. */
export const REQUEST_LIMITS = {
  duration: { min: 0.1, max: 10, integer: false },
  seed: { min: 0, max: 0xffffffff, integer: true },
  guidanceScale: { min: 1, max: 20, integer: false },
  temperature: { min: 0, max: 10, integer: false },
  topK: { min: 0, max: 65535, integer: true },
  topP: { min: 0, max: 1, integer: false },
  priority: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, integer: false },
} as const;

/** Characters (code points) of a prompt after trimming. */
export const PROMPT_LIMITS = { min: 1, max: 256 } as const;

/** What a request means when it does not say; sampling comes from the model. */
export const REQUEST_DEFAULTS = { duration: 1, seed: 0, loop: false, priority: 0 } as const;

type NumericField = keyof typeof REQUEST_LIMITS;

/** @throws RangeError for the first field out of its limits. Fields left out or undefined are fine, the prompt must be there. */
export function checkInput(input: SoundRequestInput, codebookSize?: number): void {
  checkPrompt(input.prompt);
  for (const field of Object.keys(REQUEST_LIMITS) as NumericField[]) {
    const limit = REQUEST_LIMITS[field];
    const max = field === 'topK' && codebookSize !== undefined ? codebookSize : limit.max;
    if (input[field] !== undefined) checkNumber(field, input[field], { ...limit, max });
  }
  if (input.loop !== undefined && typeof input.loop !== 'boolean') {
    throw refusal('loop', 'true or false', input.loop);
  }
}

/**
 * @returns a new, checked request with a trimmed prompt; `input` is left as it is.
 * @throws RangeError
 */
export function completeRequest(
  input: SoundRequestInput,
  id: number,
  model: { sampling: SamplingDefaults; codebookSize: number },
): SoundRequest {
  checkInput(input, model.codebookSize);
  const { sampling } = model;
  return {
    id,
    prompt: input.prompt.trim(),
    duration: input.duration ?? REQUEST_DEFAULTS.duration,
    seed: input.seed ?? REQUEST_DEFAULTS.seed,
    guidanceScale: input.guidanceScale ?? sampling.guidanceScale,
    temperature: input.temperature ?? sampling.temperature,
    topK: input.topK ?? sampling.topK,
    topP: input.topP ?? sampling.topP,
    loop: input.loop ?? REQUEST_DEFAULTS.loop,
    priority: input.priority ?? REQUEST_DEFAULTS.priority,
  };
}

function checkPrompt(prompt: unknown): void {
  const limits = `${PROMPT_LIMITS.min} to ${PROMPT_LIMITS.max} characters`;
  if (typeof prompt !== 'string') throw refusal('prompt', `a string of ${limits}`, prompt);
  const trimmed = prompt.trim();
  // UTF-16 units are at most twice the characters, so a huge string is refused without being walked.
  const length = trimmed.length > 2 * PROMPT_LIMITS.max ? trimmed.length : [...trimmed].length;
  if (length < PROMPT_LIMITS.min || length > PROMPT_LIMITS.max) {
    throw refusal('prompt', `${limits} after trimming`, `${length} characters`);
  }
  const control = trimmed.match(/[\p{Cc}\p{Cs}]/u)?.[0];
  if (control !== undefined) {
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    throw refusal('prompt', `${limits} without control characters`, `U+${code}`);
  }
}

function checkNumber(
  field: string,
  value: unknown,
  limit: { min: number; max: number; integer: boolean },
): void {
  const fits = typeof value === 'number' && value >= limit.min && value <= limit.max;
  if (fits && (!limit.integer || Number.isInteger(value))) return;
  const kind = limit.integer ? 'a whole number' : 'a number';
  throw refusal(field, `${kind} from ${limit.min} to ${limit.max}`, value);
}

function refusal(field: string, limits: string, value: unknown): RangeError {
  return new RangeError(
    `sound-request: ${field} must be ${limits}, got ${String(value)}. Correct the request.`,
  );
}
