import { describe, expect, test } from 'vitest';
import { createFriction, type Motion, slide } from '../../../plugin/engines/friction.ts';
import { createLasting } from '../../../plugin/engines/lasting.ts';
import type { SceneEvent } from '../../../plugin/scene-event.ts';
import { thing } from '../events.ts';

const origin = { x: 0, y: 0, z: 0 };
const up = { x: 0, y: 1, z: 0 };
const still: Motion = { linear: origin, angular: origin, center: origin };

/** A body whose lowest point is the origin, a metre under its centre. @param spin of a wheel that goes along +x */
function body(speed: number, spin = 0): Motion {
  return {
    linear: { x: speed, y: 0, z: 0 },
    angular: { x: 0, y: 0, z: -spin },
    center: up,
  };
}

function setUp(isWanted: (name: string) => boolean = () => true) {
  const events: SceneEvent[] = [];
  const lasting = createLasting((event) => events.push(event));
  const friction = createFriction(
    lasting,
    ({ name = '' }) => isWanted(name),
    () => undefined,
  );
  /** Steps of one motion; null: no touch. */
  const run = (steps: number, motion: Motion | null, fields: object = {}) => {
    for (let i = 0; i < steps; i++) {
      if (motion !== null) {
        friction.add({
          key: 'pair',
          point: origin,
          normal: up,
          impulse: 1,
          describe: () => ({ a: thing('crate'), b: thing('floor') }),
          motions: () => ({ a: motion, b: still }),
          ...fields,
        });
      }
      friction.step();
    }
  };
  const told = () => events.splice(0).map(({ phase, name }) => `${phase} ${name}`);
  return { events, friction, run, told };
}

describe('slip and travel', () => {
  test.each([
    ['slides', body(2), { slip: 2, travel: 2 }],
    ['rolls', body(2, 2), { slip: 0, travel: 2 }],
    ['spins in place', body(0, 3), { slip: 3, travel: 0 }],
    ['falls', { ...still, linear: { x: 0, y: -5, z: 0 } }, { slip: 0, travel: 0 }],
    ['rests', still, { slip: 0, travel: 0 }],
  ])('of what %s', (_what, motion, expected) => {
    const { slip, travel } = slide(motion, still, origin, up);
    expect(slip).toBeCloseTo(expected.slip, 9);
    expect(travel).toBeCloseTo(expected.travel, 9);
  });

  test('are between the two: what rides along does neither', () => {
    expect(slide(body(3), body(3), origin, up)).toEqual({ slip: 0, travel: 0 });
    expect(slide(body(3), body(1), origin, up).slip).toBeCloseTo(2, 9);
  });

  test('do not depend on the side that the normal is on', () => {
    const down = { x: 0, y: -1, z: 0 };
    expect(slide(body(2, 1), still, origin, down)).toEqual(slide(body(2, 1), still, origin, up));
  });
});

describe('it begins', () => {
  test('after five steps, not before: what is shorter is a hit', () => {
    const { run, told } = setUp();
    run(4, body(2));
    run(40, null);
    expect(told()).toEqual([]);
    run(5, body(2));
    expect(told()).toEqual(['begin scrape']);
  });

  test('as rolling, where the surfaces do not slip', () => {
    const { run, told } = setUp();
    run(5, body(2, 1.8));
    expect(told()).toEqual(['begin roll']);
  });

  test('above a least speed', () => {
    const { run, told } = setUp();
    run(100, body(0.1));
    expect(told()).toEqual([]);
  });

  test('with a smoothed speed, which comes near the true one', () => {
    const { events, run } = setUp();
    run(5, body(2));
    expect(events[0]?.speed).toBeGreaterThan(1);
    run(30, body(2));
    expect(events.at(-1)?.speed).toBeGreaterThan(1.8);
    expect(events.at(-1)?.speed).toBeLessThanOrEqual(2);
  });
});

describe('it changes', () => {
  test('not while the speed stays', () => {
    const { run, told } = setUp();
    run(60, body(2));
    told();
    run(600, body(2));
    expect(told()).toEqual([]);
  });

  test('with each tenth, every third step at most', () => {
    const { run, told } = setUp();
    run(60, body(1));
    told();
    for (let i = 0; i < 60; i++) run(1, body(1 + i));
    const changes = told();
    expect(new Set(changes)).toEqual(new Set(['change scrape']));
    expect(changes.length).toBeGreaterThan(10);
    expect(changes.length).toBeLessThanOrEqual(20);
  });

  test('from scraping to rolling by an end and a begin', () => {
    const { run, told } = setUp();
    run(30, body(2));
    told();
    run(30, body(2, 2));
    expect(told().slice(-2)).toEqual(['end scrape', 'begin roll']);
  });

  test('not back and forth at the limit between the two', () => {
    const { run, told } = setUp();
    run(30, body(2, 1.8));
    told();
    for (let i = 0; i < 60; i++) run(1, body(2, i % 2 === 0 ? 1.8 : 1.4));
    expect(told().filter((words) => words !== 'change roll')).toEqual([]);
  });
});

describe('it ends', () => {
  test('when it comes to rest', () => {
    const { run, told } = setUp();
    run(30, body(2));
    told();
    run(30, still);
    expect(told().filter((words) => !words.startsWith('change'))).toEqual(['end scrape']);
  });

  test('when the touch is lost, but not by a rattle of some steps', () => {
    const { run, told } = setUp();
    run(30, body(2));
    told();
    for (let i = 0; i < 20; i++) {
      run(1, body(2));
      run(3, null);
    }
    expect(told()).toEqual([]);
    run(10, null);
    expect(told()).toEqual(['end scrape']);
  });

  test('when one of the two is gone', () => {
    const { run, told } = setUp();
    run(30, body(2));
    told();
    run(30, still, { motions: () => null });
    expect(told().at(-1)).toBe('end scrape');
  });

  test('below half the speed that it needs to begin', () => {
    const { run, told } = setUp();
    run(30, body(0.3));
    told();
    run(60, body(0.1));
    expect(told().filter((words) => words.startsWith('end'))).toEqual([]);
    run(60, body(0.05));
    expect(told().at(-1)).toBe('end scrape');
  });
});

test('of the points of a step the strongest counts', () => {
  const { friction, run, events } = setUp();
  for (let i = 0; i < 5; i++) {
    run(0, null);
    const rub = {
      key: 'pair',
      normal: up,
      describe: () => ({ a: thing('crate'), b: thing('floor') }),
      motions: () => ({ a: body(2), b: still }),
    };
    for (const impulse of [1, 3, 2]) {
      friction.add({ ...rub, impulse, point: { x: impulse, y: 0, z: 0 } });
    }
    friction.step();
  }
  expect(events[0]?.point.x).toBe(3);
});

test('what nobody wants is not measured', () => {
  let measured = 0;
  const { run, told } = setUp((name) => name === 'nothing');
  const motions = () => {
    measured += 1;
    return { a: body(2), b: still };
  };
  run(30, body(2), { motions });
  expect([told(), measured]).toEqual([[], 0]);
});

test('of two kinds, only the wanted one is told', () => {
  const { run, told } = setUp((name) => name === 'roll');
  run(30, body(2));
  run(30, body(2, 2));
  run(30, body(2));
  expect(told().filter((words) => !words.startsWith('change'))).toEqual(['begin roll', 'end roll']);
});

test('of thousands of pairs at once a bounded number is kept', () => {
  const { friction, told } = setUp();
  for (let step = 0; step < 5; step++) {
    for (let i = 0; i < 2000; i++) {
      friction.add({
        key: `${i}`,
        point: origin,
        normal: up,
        impulse: 1,
        describe: () => ({ a: thing(`${i}`), b: thing('floor') }),
        motions: () => ({ a: body(2), b: still }),
      });
    }
    friction.step();
  }
  expect(told()).toHaveLength(500); // lasting.ts is the lower bound
});
