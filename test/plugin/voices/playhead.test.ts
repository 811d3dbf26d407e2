import { expect, test } from 'vitest';
import { createPlayhead, inLoop } from '../../../plugin/voices/playhead.ts';
import { areaUntil, steady, turn, valueAt } from '../../../plugin/voices/ramp.ts';

test('a ramp is at its ends where it should be, and half way half way', () => {
  const ramp = turn(steady(2), 4, 10, 2);
  expect([0, 10, 11, 12, 99].map((time) => valueAt(ramp, time))).toEqual([2, 2, 3, 4, 4]);
});

test('a ramp turned on its way goes on from where it is', () => {
  const first = turn(steady(0), 1, 0, 2);
  expect(turn(first, 0, 1, 1)).toEqual({ from: 0.5, to: 0, at: 1, seconds: 1 });
});

test('the area under a ramp is what small steps sum up to', () => {
  const ramp = { from: 0.5, to: 3, at: 1, seconds: 2 };
  for (const end of [1.5, 2.2, 3, 5]) {
    const steps = 10_000;
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      sum += (valueAt(ramp, 1 + ((end - 1) * (i + 0.5)) / steps) * (end - 1)) / steps;
    }
    expect(areaUntil(ramp, end)).toBeCloseTo(sum, 6);
  }
  expect(areaUntil(ramp, 0)).toBeCloseTo(-0.5, 12);
});

test('at an even rate the position is time times rate, and stands before the start', () => {
  const playhead = createPlayhead(10, 2);
  expect([9, 10, 11, 12.5].map((at) => playhead.position(at))).toEqual([0, 0, 2, 5]);
  expect(playhead.timeOf(5)).toBeCloseTo(12.5, 12);
});

test('where it is and when it is there agree, whatever the rate has done', () => {
  const playhead = createPlayhead(0, 1);
  playhead.setRate(2, 1, 0.5);
  playhead.setRate(0.5, 1.2, 2);
  playhead.setRate(1.5, 2, 0.1);
  for (let position = playhead.position(2); position < 9; position += 0.37) {
    expect(playhead.position(playhead.timeOf(position))).toBeCloseTo(position, 9);
  }
});

test('a rate set before the start counts from the start', () => {
  const playhead = createPlayhead(5, 1);
  playhead.setRate(3, 2, 1);
  expect(playhead.position(6)).toBeCloseTo(3, 12);
});

test('what has been passed already is reached now, not earlier', () => {
  const playhead = createPlayhead(0, 1);
  playhead.setRate(2, 4, 1);
  expect(playhead.timeOf(3)).toBe(4);
});

test('a loop goes through its beginning once, then between its points', () => {
  const loop = { start: 1, end: 3 };
  expect([0, 0.5, 2.9, 3, 4.5, 5, 103.5].map((at) => inLoop(at, loop))).toEqual([
    0, 0.5, 2.9, 1, 2.5, 1, 1.5,
  ]);
});
