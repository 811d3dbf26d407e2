import { describe, expect, test } from 'vitest';
import {
  type Caption,
  type CaptionOptions,
  createCaptions,
  type HeardSound,
} from '../../plugin/captions.ts';
import { createEar } from '../../plugin/engines/ear.ts';

function setUp(options: CaptionOptions = {}) {
  let time = 0;
  let ear = createEar();
  const told: Caption[] = [];
  const warnings: string[] = [];
  const captions = createCaptions({
    ...options,
    now: () => time,
    ear: () => ear,
    warn: (message) => warnings.push(message),
  });
  captions.subscribe((caption) => told.push(caption));

  function sound(label: string, fields: Partial<HeardSound> = {}) {
    const voice = { playing: true };
    const heard: HeardSound = {
      ...{ label, voice, position: () => null, gain: () => 1, priority: 0, lasting: false },
      ...fields,
    };
    captions.heard(heard);
    return { ...heard, end: () => Object.assign(voice, { playing: false }) };
  }
  const once = (label: string, fields: Partial<HeardSound> = {}) => sound(label, fields).end();

  /** A look every tenth of a second. */
  function run(seconds: number) {
    for (let left = Math.round(seconds * 10); left > 0; left--) {
      captions.update();
      time += 0.1;
    }
    captions.update();
  }
  return {
    ...{ captions, told, warnings, sound, once, run },
    turn: (forward: { x: number; y: number; z: number }) => {
      ear = createEar(ear.position, forward);
    },
    /** 'shown glass breaks', … */
    story: () => told.map(({ kind, text }) => `${kind} ${text}`),
  };
}

const at = (x: number, z: number) => () => ({ x, y: 0, z });

describe('what is shown', () => {
  test('what happens once: as long as it takes to read, then it goes', () => {
    const { once, run, told, story } = setUp();
    once('glass breaks', { position: at(5, 0) });
    run(5);
    expect(story()).toEqual(['shown glass breaks', 'gone glass breaks']);
    expect(told[0]).toMatchObject({ direction: 'right', angle: 90, distance: 5, lasting: false });
    expect(told[1]?.time).toBeCloseTo(1.5 + 12 * 0.06, 0);
  });

  test('a long clip: until it ends', () => {
    const { sound, run, story } = setUp();
    const thunder = sound('thunder');
    run(8);
    expect(story()).toEqual(['shown thunder']);
    thunder.end();
    run(0.2);
    expect(story()).toEqual(['shown thunder', 'gone thunder']);
  });

  test('what lasts: until it ends, gone and back as it is heard', () => {
    let gain = 1;
    const { sound, run, story } = setUp();
    const fire = sound('fire crackles', { lasting: true, gain: () => gain });
    run(60);
    gain = 0.001;
    run(1);
    gain = 0.002; // once lost, −50 dB are needed
    run(1);
    gain = 0.01;
    run(1);
    fire.end();
    run(1);
    const [shown, gone] = ['shown fire crackles', 'gone fire crackles'];
    expect(story()).toEqual([shown, gone, shown, gone]);
  });

  test.each([0, 0.001, Number.NaN])('nothing of a gain of %d', (gain) => {
    const { once, sound, run, told } = setUp();
    once('glass breaks', { gain: () => gain });
    sound('fire crackles', { lasting: true, gain: () => gain });
    run(2);
    expect(told).toEqual([]);
  });

  test('labels are one line of at most 120 characters', () => {
    const { once, run, told } = setUp();
    once(`glass\n\tbreaks ${'x'.repeat(500)}`);
    run(0.1);
    expect(told[0]?.label).toBe(`glass breaks ${'x'.repeat(107)}`);
  });

  test('nothing without a label', () => {
    const { once, run, told } = setUp();
    once('');
    run(1);
    expect(told).toEqual([]);
  });
});

describe('repeats', () => {
  test('are one line with their number', () => {
    const { once, run, told, story } = setUp();
    for (let i = 0; i < 5; i++) {
      once('footsteps');
      run(0.5);
    }
    run(5);
    expect(story()).toEqual([
      'shown footsteps',
      ...[2, 3, 4, 5].map((count) => `changed footsteps (×${count})`),
      'gone footsteps (×5)',
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });

  test('from another direction are another line', () => {
    const { once, run, told } = setUp();
    once('crate falls', { position: at(5, 0) });
    once('crate falls', { position: at(-5, 0) });
    once('crate falls', { position: at(5, -2) });
    run(0.1);
    expect(told.map(({ text, direction }) => [text, direction])).toEqual([
      ['crate falls (×2)', 'right'],
      ['crate falls', 'left'],
    ]);
  });

  test('after a while are news again', () => {
    const { once, run, story } = setUp({ mergeWithin: 1 });
    once('knock');
    run(1.5);
    once('knock');
    run(5);
    expect(story().filter((line) => line === 'shown knock')).toHaveLength(2);
  });

  test('beyond 99 are not counted in words', () => {
    const { once, run, told } = setUp();
    for (let i = 0; i < 120; i++) once('hail');
    run(0.1);
    expect(told[0]).toMatchObject({ text: 'hail (×99+)', count: 120 });
  });

  test('of what lasts are one line, with the direction of the loudest', () => {
    let near = 1;
    const { sound, run, told } = setUp();
    const torches = [
      sound('torch', { lasting: true, position: at(0, 8), gain: () => 0.5 }),
      sound('torch', { lasting: true, position: at(8, 0), gain: () => near }),
    ];
    run(1);
    near = 0.1;
    run(1);
    torches[0]?.end();
    run(1);
    torches[1]?.end();
    run(1);
    expect(told.map(({ kind, direction }) => [kind, direction])).toEqual([
      ['shown', 'right'],
      ['changed', 'behind'],
      ['changed', 'right'],
      ['gone', 'right'],
    ]);
    expect(told.every(({ text }) => text === 'torch')).toBe(true);
  });
});

describe('direction', () => {
  test('follows the source and the head, in steps of 5° at least', () => {
    const { sound, run, turn, told } = setUp();
    let x = 0;
    sound('drone', { lasting: true, position: () => ({ x, y: 0, z: -5 }) });
    run(1);
    x = 0.2; // 2°
    run(1);
    x = 5;
    run(1);
    turn({ x: 1, y: 0, z: 0 });
    run(1);
    const seen = told.map(({ direction, angle }) => [direction, angle]);
    expect(seen).toEqual([
      ['ahead', 0],
      ['ahead right', 45],
      ['ahead left', -45],
    ]);
  });

  test('what is everywhere has none', () => {
    const { once, run, told } = setUp();
    once('rain');
    run(0.1);
    expect(told[0]).toMatchObject({ direction: null, angle: null, distance: null, range: null });
  });
});

describe('how many', () => {
  const texts = (told: Caption[]) => {
    const lines = new Map<number, string>();
    for (const { kind, id, label } of told) {
      if (kind === 'gone') lines.delete(id);
      else lines.set(id, label);
    }
    return [...lines.values()];
  };

  test('at most so many lines: what counts most, news before what lasts', () => {
    const { sound, once, run, told } = setUp({ max: 2 });
    sound('wind', { lasting: true });
    sound('fire', { lasting: true, priority: 1 });
    run(2);
    expect(texts(told)).toEqual(['wind', 'fire']);
    once('glass breaks');
    run(0.1);
    expect(texts(told)).toEqual(['fire', 'glass breaks']);
    run(4);
    expect(texts(told)).toEqual(['fire', 'wind']);
  });

  test('a line stays for a second unless something counts more', () => {
    const { once, run, told } = setUp({ max: 1 });
    once('knock');
    run(0.3);
    once('creak');
    run(0.3);
    expect(texts(told)).toEqual(['knock']);
    once('scream', { priority: 1 });
    run(0.1);
    expect(texts(told)).toEqual(['scream']);
  });

  test('ten thousand sounds in one image leave four lines and a bounded memory', () => {
    const { once, run, told } = setUp();
    for (let i = 0; i < 10_000; i++) once(`sound ${i}`);
    run(0.1);
    expect(texts(told)).toEqual([9996, 9997, 9998, 9999].map((i) => `sound ${i}`));
    run(10);
    expect(texts(told)).toEqual([]);
  });
});

test('the same sounds give the same captions, twice', () => {
  const tell = () => {
    const { once, run, told } = setUp({ max: 2 });
    for (let i = 0; i < 50; i++) {
      once(`sound ${i % 7}`, { position: at((i % 5) - 2, (i % 3) - 1) });
      run(0.3);
    }
    return told;
  };
  expect(tell()).toEqual(tell());
});

test('a listener that throws is logged and stops nothing', () => {
  const { captions, once, run, told, warnings } = setUp();
  captions.subscribe(() => {
    throw new Error('broken panel');
  });
  once('knock');
  run(5);
  expect(told.map(({ kind }) => kind)).toEqual(['shown', 'gone']);
  expect(warnings[0]).toContain('broken panel');
});

test('dispose takes all lines away; twice is fine', () => {
  const { captions, sound, run, story } = setUp();
  sound('fire', { lasting: true });
  run(1);
  captions.dispose();
  captions.dispose();
  sound('wind', { lasting: true });
  run(1);
  expect(story()).toEqual(['shown fire', 'gone fire']);
});

test.each([{ max: 0 }, { max: 17 }, { max: Number.NaN }, { mergeWithin: -1 }])(
  '%o is refused with a RangeError that names it',
  (options) => {
    expect(() => setUp(options)).toThrow(RangeError);
    expect(() => setUp(options)).toThrow(Object.keys(options)[0]);
  },
);
