import { describe, expect, test } from 'vitest';
import { passed, type Way } from '../../../plugin/engines/passed-marks.ts';

const way = (before: number, now: number, fields: Partial<Way> = {}): Way => ({
  before,
  now,
  from: 0,
  to: 100,
  loops: true,
  swings: false,
  ...fields,
});

describe('played forward', () => {
  test.each([
    [0, 10, 5, true],
    [0, 10, 10, true],
    [10, 20, 10, false],
    [0, 10, 11, false],
    [10, 10, 10, false],
  ])('from %i to %i, a mark at %i: %s', (before, now, mark, expected) => {
    expect(passed(way(before, now), mark)).toBe(expected);
  });

  test('a loop passes what lies before its end and after its beginning', () => {
    const marks = [0, 5, 6, 50, 90, 91, 100];
    expect(marks.filter((mark) => passed(way(90, 5), mark))).toEqual([0, 5, 91, 100]);
  });

  test('what starts anew, without looping, passes its beginning only', () => {
    const marks = [0, 5, 6, 50, 90, 91, 100];
    expect(marks.filter((mark) => passed(way(90, 5, { loops: false }), mark))).toEqual([0, 5]);
  });

  test('a mark outside of what is played is never passed', () => {
    const part = { from: 20, to: 40 };
    expect([10, 20, 40, 50].filter((mark) => passed(way(39, 30, part), mark))).toEqual([20, 40]);
  });
});

test('played backwards it is the mirror', () => {
  const back = { from: 100, to: 0 };
  const marks = [0, 5, 10, 50, 94, 95, 100];
  expect(marks.filter((mark) => passed(way(10, 95, back), mark))).toEqual([0, 5, 95, 100]);
  expect(marks.filter((mark) => passed(way(60, 10, back), mark))).toEqual([10, 50]);
});

test('back and forth passes on both ways', () => {
  const swings = { swings: true };
  expect(passed(way(40, 60, swings), 50)).toBe(true);
  expect(passed(way(60, 40, swings), 50)).toBe(true);
  expect(passed(way(60, 40, swings), 90)).toBe(false);
});

test('in many steps of any size each mark is passed once a loop', () => {
  for (const step of [0.7, 3, 7.3, 49, 99]) {
    for (const sign of [1, -1]) {
      const ends = sign > 0 ? { from: 0, to: 100 } : { from: 100, to: 0 };
      const count = new Map([0, 13, 50, 99.9].map((mark) => [mark, 0]));
      const images = Math.floor(1000 / step);
      let before = ends.from - sign * 1e-6;
      for (let i = 0; i <= images; i++) {
        const along = (i * step) % 100;
        const now = sign > 0 ? along : 100 - along;
        for (const mark of count.keys()) {
          if (passed(way(before, now, ends), mark)) count.set(mark, (count.get(mark) ?? 0) + 1);
        }
        before = now;
      }
      const loops = (images * step) / 100;
      for (const passes of count.values()) expect(Math.abs(passes - loops)).toBeLessThanOrEqual(1);
    }
  }
});
