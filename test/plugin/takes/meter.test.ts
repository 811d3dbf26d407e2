import { describe, expect, test } from 'vitest';
import { createMeters, USUAL_DURATION } from '../../../plugin/takes/meter.ts';
import { REQUEST_DEFAULTS } from '../../../runtime/sound-request.ts';

/** Seconds of each part, as the runtime makes them of a sound of that duration. */
function partsOf(duration: number): number[] {
  const parts: number[] = [];
  for (let left = duration; left > 1e-9; left -= parts.at(-1) ?? 0) {
    const size = [0.024, 0.06, 0.08, 0.12, 0.16, 0.24][parts.length] ?? 0.32;
    parts.push(Math.min(left, size));
  }
  return parts;
}

function setUp() {
  let time = 0;
  return {
    meters: createMeters(() => time),
    after: (seconds: number) => {
      time += seconds;
    },
    now: () => time,
  };
}

/**
 * A sound that is made at that speed, played as soon as it may be.
 * @returns when it began after its first part, and how long it stood still.
 */
function play(
  { meters, after, now }: ReturnType<typeof setUp>,
  duration: number,
  speed: number,
  rate = 1,
): { began: number; starved: number } {
  const meter = meters.begin(duration);
  const parts = partsOf(duration);
  const first = now();
  let began = Infinity;
  let played = 0; // when what has come is out
  let starved = 0;
  parts.forEach((part, i) => {
    if (i > 0) after(part / speed);
    meter.arrived(part);
    if (began < Infinity) {
      starved += Math.max(0, now() - played);
      played = Math.max(played, now()) + part / rate;
      return;
    }
    const wait = meter.wait(rate);
    const isLast = i === parts.length - 1;
    if (wait > 0.2 && !isLast) return;
    began = now() + wait - first;
    const made = parts.slice(0, i + 1).reduce((sum, one) => sum + one, 0);
    played = now() + wait + made / rate;
  });
  return { began, starved };
}

describe('once the speed is known', () => {
  test.each([4, 8, 50])('%d times real time begins at the first part', (speed) => {
    const world = setUp();
    play(world, 1, speed);
    expect(play(world, 1, speed).began).toBeLessThan(0.035);
    expect(play(world, 10, speed).began).toBeLessThan(0.035);
  });

  test.each([0.3, 0.5, 0.8, 0.95, 1, 1.05, 1.3, 1.5, 2, 3, 8])(
    'at %d times real time nothing starves, and nothing waits much longer than it must',
    (speed) => {
      for (const duration of [0.1, 0.5, 1, 3, 10]) {
        for (const rate of [0.5, 1, 2]) {
          const world = setUp();
          play(world, 1, speed);
          const { began, starved } = play(world, duration, speed, rate);
          expect(starved).toBe(0);
          // What must be waited for: the missing sound, less the time that playing takes. The next part may tell more.
          const must = Math.max(0, (duration - 0.024) / speed - (duration - 0.32) / rate);
          expect(began).toBeLessThan(must + 0.1 + 0.32 / speed);
        }
      }
    },
  );
});

test('parts out of a cache play at once, and the next sound does not take their speed for its own', () => {
  const world = setUp();
  play(world, 1, 0.5);
  const slow = world.meters.begin(2);
  slow.arrived(0.024);
  const before = slow.wait(1);
  const cached = world.meters.begin(2);
  for (let i = 0; i < 3; i++) {
    cached.arrived(0.3, true);
    expect(cached.wait(1)).toBe(0);
    world.after(0.001);
  }
  const next = world.meters.begin(2);
  next.arrived(0.024);
  expect(before).toBeGreaterThan(1);
  expect(next.wait(1)).toBeCloseTo(before, 3);
});

test('parts that came late let the next sound wait for as much, within bounds, and less each time', () => {
  const world = setUp();
  play(world, 1, 8);
  const waits = [0.04, 0.3, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((hesitation) => {
    const meter = world.meters.begin(1);
    meter.arrived(0.035);
    const wait = meter.wait(1);
    world.after(0.06 / 8 + hesitation);
    meter.arrived(0.06);
    world.after(0.905 / 8);
    meter.arrived(0.905);
    return wait;
  });
  const [calm = 0, hesitant = 0, hung = 0, ...later] = waits;
  expect(hesitant).toBeGreaterThan(calm + 0.01);
  expect(hung).toBeGreaterThan(hesitant);
  expect(hung).toBeLessThan(0.15);
  expect(later).toEqual([...later].sort((a, b) => b - a));
  expect(later.at(-1)).toBeCloseTo(calm, 2);
});

test('the first sound of all waits for its second part, which tells the speed, and a little longer', () => {
  const { meters, after } = setUp();
  const [first, second] = [meters.begin(1), meters.begin(1)];
  first.arrived(0.035);
  expect(first.wait(1)).toBe(Infinity);
  after(0.01);
  first.arrived(0.06);
  expect(first.wait(1)).toBeGreaterThan(0.03);
  expect(first.wait(1)).toBeLessThan(0.1);
  second.arrived(0.035);
  expect(second.wait(1)).toBe(Infinity);
  const third = meters.begin(1);
  third.arrived(0.035);
  expect(third.wait(1)).toBeLessThan(0.03);
});

test('what has come as a whole waits for nothing', () => {
  const { meters } = setUp();
  const meter = meters.begin(0.5);
  meter.arrived(0.5);
  expect(meter.wait(1)).toBe(0);
});

test('waiting counts from the last part on', () => {
  const { meters, after } = setUp();
  play({ ...setUp(), meters, after }, 1, 1);
  const meter = meters.begin(1);
  meter.arrived(0.1);
  const wait = meter.wait(1);
  after(wait / 2);
  expect(meter.wait(1)).toBeCloseTo(wait / 2, 9);
});

test('what was heard already is no help', () => {
  const { meters, after, now } = setUp();
  play({ meters, after, now }, 1, 1);
  const meter = meters.begin(2);
  meter.arrived(0.3);
  after(0.3);
  meter.arrived(0.3);
  expect(meter.wait(1, 0.3)).toBeGreaterThan(meter.wait(1, 0));
});

test('a request that says no duration is as long as the runtime makes it', () => {
  expect(USUAL_DURATION).toBe(REQUEST_DEFAULTS.duration);
});
