import { describe, expect, test } from 'vitest';
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { checkInput, completeRequest, REQUEST_LIMITS } from '../../runtime/sound-request.ts';

const MODEL = {
  sampling: { guidanceScale: 3, temperature: 1, topK: 128, topP: 0 },
  codebookSize: 1024,
};

/** The RangeError's message, or '' when there is none. */
function refusalOf(input: Record<string, unknown>): string {
  try {
    checkInput({ prompt: 'rain', ...input } as SoundRequestInput, MODEL.codebookSize);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as Error).message;
  }
}

describe('sound request', () => {
  test('what is left out or undefined comes from the defaults and the model', () => {
    const request = completeRequest({ prompt: '  rain ', seed: undefined }, 7, MODEL);
    expect(request).toEqual({
      id: 7,
      prompt: 'rain',
      duration: 1,
      seed: 0,
      loop: false,
      priority: 0,
      ...MODEL.sampling,
    });
  });

  test("the caller's object stays as it is", () => {
    const input = Object.freeze({ prompt: ' rain ', seed: 3 });
    expect(completeRequest(input, 1, MODEL).seed).toBe(3);
    expect(input).toEqual({ prompt: ' rain ', seed: 3 });
  });

  test('both ends of every limit are allowed', () => {
    for (const [field, { min, max }] of Object.entries(REQUEST_LIMITS)) {
      expect(refusalOf({ [field]: min })).toBe('');
      expect(refusalOf({ [field]: field === 'topK' ? 1024 : max })).toBe('');
    }
  });

  test('NaN, infinities, negative, huge and non-numbers are refused with field, limits and value', () => {
    const fields = Object.keys(REQUEST_LIMITS).filter((field) => field !== 'priority');
    for (const field of fields) {
      for (const value of [Number.NaN, Infinity, -Infinity, -1, 1e300, '1', null, {}]) {
        const message = refusalOf({ [field]: value });
        expect(message).toContain(field);
        expect(message).toContain(`${REQUEST_LIMITS[field as 'seed'].min} to `);
        expect(message).toContain(String(value));
      }
    }
    for (const value of [Number.NaN, Infinity, '1']) {
      expect(refusalOf({ priority: value })).toContain('priority');
    }
  });

  test('seed and topK are whole numbers, topK at most the codebook size', () => {
    expect(refusalOf({ seed: 1.5 })).toContain('a whole number from 0 to 4294967295, got 1.5');
    expect(refusalOf({ topK: 0.5 })).toContain('topK');
    expect(refusalOf({ topK: 1025 })).toContain('0 to 1024, got 1025');
  });

  test('loop is a boolean', () => {
    expect(refusalOf({ loop: 'yes' })).toContain('loop must be true or false, got yes');
  });

  test('a prompt has 1 to 256 characters after trimming', () => {
    expect(refusalOf({ prompt: '' })).toContain('1 to 256 characters');
    expect(refusalOf({ prompt: ' \n\t ' })).toContain('0 characters');
    expect(refusalOf({ prompt: ` ${'a'.repeat(256)} ` })).toBe('');
    expect(refusalOf({ prompt: 'a'.repeat(257) })).toContain('257 characters');
    expect(refusalOf({ prompt: 'a'.repeat(1e6) })).toContain('1000000 characters');
    expect(refusalOf({ prompt: '🌧'.repeat(256) })).toBe('');
    expect(refusalOf({ prompt: undefined })).toContain('got undefined');
    expect(refusalOf({ prompt: 7 })).toContain('got 7');
  });

  test('control characters and halves of surrogate pairs in a prompt are refused by name', () => {
    expect(refusalOf({ prompt: 'a\u0000b' })).toContain('U+0000');
    expect(refusalOf({ prompt: 'a\nb' })).toContain('U+000A');
    expect(refusalOf({ prompt: 'a\u0085b' })).toContain('U+0085');
    expect(refusalOf({ prompt: 'a\ud800b' })).toContain('U+D800');
  });
});
