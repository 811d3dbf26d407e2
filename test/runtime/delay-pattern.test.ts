import { describe, expect, test } from 'vitest';
import { delayCodes, inputColumn, stepsOf, undelayCodes } from '../../runtime/delay-pattern.ts';
import { codes as seededCodes } from '../reference/seeded.ts';

const PAD = 1024;
const CODES = Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3);
const P = PAD;
const DELAYED = Uint16Array.of(...[1, 2, 3, 4, P, P], ...[P, 5, 6, 7, 8, P], ...[P, P, 9, 1, 2, 3]);

test('the picture at the top of the file', () => {
  expect(delayCodes(CODES, 3, 4, PAD)).toEqual(DELAYED);
  expect(undelayCodes(DELAYED, 3, 4)).toEqual(CODES);
});

test('delay then undelay is the identity', () => {
  for (let numCodebooks = 1; numCodebooks <= 5; numCodebooks++) {
    for (let codecFrames = 0; codecFrames <= 20; codecFrames++) {
      const codes = seededCodes(numCodebooks * codecFrames, codecFrames, 1024);
      const delayed = delayCodes(codes, numCodebooks, codecFrames, PAD);
      expect(delayed.length).toBe(numCodebooks * stepsOf(codecFrames, numCodebooks));
      expect(undelayCodes(delayed, numCodebooks, codecFrames)).toEqual(codes);
    }
  }
});

describe('input of the language model', () => {
  test('step 0 is special everywhere, later steps are one column behind', () => {
    const columns = [0, 1, 2, 3, 5, 6].map((step) => [...inputColumn(DELAYED, 3, step, PAD)]);
    expect(columns).toEqual([
      [P, P, P],
      [1, P, P],
      [2, 5, P],
      [3, 6, 9],
      [P, 8, 2],
      [P, P, 3],
    ]);
  });
});

test('codes of a wrong size are a RangeError that names both sizes', () => {
  expect(() => delayCodes(CODES, 4, 4, PAD)).toThrow(RangeError);
  expect(() => delayCodes(CODES, 4, 4, PAD)).toThrow(/4 × 4, we got 12/);
  expect(() => undelayCodes(CODES, 3, 4)).toThrow(/3 × 6, we got 12/);
});
