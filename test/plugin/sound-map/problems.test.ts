import { describe, expect, test } from 'vitest';
import { parseSoundMap } from '../../../plugin/sound-map.ts';
import { problemsOf } from './sound-maps.ts';

const problemsIn = (text: string, source?: string) => problemsOf(() => parseSoundMap(text, source));
/** Of one sound, without file and place. */
async function problemsOfSound(fields: string): Promise<string[]> {
  const lines = await problemsIn(`sounds:\n  it: { ${fields} }`);
  return lines.map((line) => line.replace(/^sounds\.yaml:\d+:\d+: sounds\.it/, '').trim());
}

describe('places', () => {
  const YAML = `sounds:
  footstep:
    prompt: footstep
    voices: { max: 3, steal: loudest }
    volme: 1
    on:
      - animationEvent: step
      - { contact: [scrape] }
`;

  test('file, line, column, field and what is allowed', async () => {
    expect(await problemsIn(YAML)).toEqual([
      'sounds.yaml:4:30: sounds.footstep.voices.steal must be oldest, quietest, farthest or none, got "loudest". Did you mean "oldest"?',
      'sounds.yaml:5:5: sounds.footstep.volme is not a field of this. Did you mean "volume"?',
      'sounds.yaml:8:20: sounds.footstep.on[1].contact must be scrape, roll or any, got a list.',
    ]);
  });

  test('JSON has places too', async () => {
    const json = `{
  "sounds": {
    "a": { "prompt": "x", "voices": 0 },
    "b": { "prompt": "\\"{", "on": [{ "event": "e" }, { "event": 5 }] }
  }
}`;
    expect(await problemsIn(json, 'sounds.json')).toEqual([
      'sounds.json:3:37: sounds.a.voices must be a whole number from 1 to 256, got 0.',
      'sounds.json:4:22: sounds.b.prompt has a brace without its pair. Write slots like {a.material}.',
      'sounds.json:4:65: sounds.b.on[1].event must be text, got 5. Put it in quotes.',
    ]);
  });

  test('what is missing is told at the name of what lacks it', async () => {
    expect(await problemsIn('sounds:\n  a:\n    volume: 1\n')).toEqual([
      'sounds.yaml:2:3: sounds.a.prompt is missing.',
    ]);
  });

  test('what is wrong inside an alias is told where it is written', async () => {
    const [first] = await problemsIn(
      'sounds:\n  a: { prompt: x, voices: &v { max: 0 } }\n  b: { prompt: y, voices: *v }',
    );
    expect(first).toContain('sounds.yaml:2:37: sounds.a.voices.max');
  });

  test('in the order of the file, whatever is found first', async () => {
    const lines = await problemsIn(
      'space: 3\nsounds: { a: { prompt: "{x}", bus: y } }\nversion: 2',
    );
    expect(lines.map((line) => Number(line.split(':')[1]))).toEqual([1, 2, 2, 3]);
  });
});

describe('texts that are no sound map', () => {
  test.each([
    ['', 'sounds.yaml: is empty.'],
    [' \n\n', 'sounds.yaml: is empty.'],
    ['# only a comment', 'sounds.yaml: holds nothing.'],
    ['5', 'must have fields ($schema, version, defaults, sounds, buses, zones, space), got 5.'],
    ['- a', 'got a list.'],
    ['{}', 'sounds is missing.'],
    ['sounds:', 'sounds must be names, each with its fields below it, got nothing.'],
    ['sounds: { a: { prompt: x }, a: { prompt: y } }', '1:29: the name here is written twice.'],
    ['{"sounds": {"a": {"prompt": "x"}, "a": {}}}', '1:35: the name here is written twice.'],
    ['sounds: {}\n---\nsounds: {}', '2:1: a second document begins here.'],
    ['sounds: [', '1:10: is no YAML here: '],
    ['sounds:\n\ta: 1', '2:1: is no YAML here: '],
    ['sounds: { a: { prompt: !!js/function "x" } }', '1:24: is no YAML here: Unresolved tag'],
    ['sounds: { a: { prompt: !own x } }', 'Unresolved tag'],
    ['sounds: { ? { a: 1 } : { prompt: x } }', 'is no YAML here'],
    ['sounds: { a: *b }', '1:14: *b stands for nothing above it.'],
    ['sounds: { a: &a [*a] }', 'sounds.a must have fields'],
    ['sounds: { __proto__: { prompt: x } }', 'must not have a field named __proto__'],
    [
      '{"sounds": {"a": {"prompt": "x", "__proto__": {"volume": 5}}}}',
      'must not have a field named __proto__',
    ],
    ['sounds: { "a|b": { prompt: x } }', 'must be a name of at most 64 characters'],
  ])('%s', async (text, message) => {
    expect((await problemsIn(text)).join('\n')).toContain(message);
  });

  test('nested as deeply as can be', async () => {
    expect(await problemsIn(`x: ${'['.repeat(20_000)}`)).toEqual([
      'sounds.yaml: is nested too deeply. A sound map has no more than eight levels.',
    ]);
  });

  test('a directive does not change what YAML means', async () => {
    const map = await parseSoundMap(
      '%YAML 1.1\n---\nsounds: { no: { prompt: x, on: { event: off } } }',
    );
    expect(map.sounds.get('no')?.on[0]?.name).toBe('off');
    const [merged] = await problemsIn(
      '%YAML 1.1\n---\nsounds: { a: &a { prompt: x }, b: { <<: *a, prompt: y } }',
    );
    expect(merged).toContain('sounds.b["<<"] is not a field of this');
  });

  test('aliases that multiply are refused before they do', async () => {
    const letters = [...'abcdefgh'];
    const lines = letters.map((letter, index) => {
      const before = index === 0 ? '"x"' : `*${letters[index - 1]}`;
      return `${letter}: &${letter} [${Array(10).fill(before).join(', ')}]`;
    });
    const [problem] = await problemsIn(lines.join('\n'));
    expect(problem).toContain('has aliases (*name) that multiply.');
  });

  test('ten million bytes are refused, a thousand sounds are not', async () => {
    const sound = (index: number) =>
      `  sound-${index}: { prompt: "sound number ${index}", caption: a sound, on: { event: e${index} } }`;
    const text = `sounds:\n${Array.from({ length: 1000 }, (_, index) => sound(index)).join('\n')}`;
    expect((await parseSoundMap(text)).sounds.size).toBe(1000);
    await expect(parseSoundMap(text.padEnd(10_000_000, '#'))).rejects.toThrow(
      'more than 1000000 bytes',
    );
  });

  test('of a thousand problems a hundred are told, the rest counted', async () => {
    const text = `sounds:\n${Array.from({ length: 1000 }, (_, index) => `  s${index}: {}`).join('\n')}`;
    expect(await problemsIn(text)).toHaveLength(100);
    await expect(parseSoundMap(text)).rejects.toThrow(
      /^sound-map: 1000 problems\.[\s\S]*… and 900 more\.$/,
    );
  });
});

describe('what a sound says of itself', () => {
  test.each([
    [
      'prompt: "{wight} step", slots: { weight: [light] }',
      'unknown slot {wight}. Did you mean {weight}?',
    ],
    ['prompt: "{surfaces} step"', 'has an unknown slot {surfaces}. Declare it under slots'],
    ['prompt: "{a.materiel} step"', 'Did you mean {a.material}?'],
    [
      'prompt: x, slots: { weight: [light] }',
      '.slots.weight is not in the prompt. Write {weight} there.',
    ],
    [
      'prompt: "{w}", slots: { w: { from: intensty } }',
      'got "intensty". Did you mean "intensity"?',
    ],
    [
      'prompt: "{w}", slots: { w: { values: [a, b], default: c } }',
      'must be one of its values (a or b), got "c".',
    ],
    ['prompt: "{w}", slots: { w: [] }', '.slots.w must have 1 to 256 entries, got 0.'],
    ['prompt: "{w"', 'has a brace without its pair.'],
    ['prompt: " "', '.prompt must be text, got " ".'],
    ['prompt: 5', '.prompt must be text, got 5. Put it in quotes.'],
    [
      `prompt: "${'x'.repeat(257)}"`,
      'must have at most 256 characters with its longest words, got 257.',
    ],
    [`prompt: "{w}${'x'.repeat(250)}", slots: { w: [a, seven77] }`, 'got 257.'],
    [`prompt: "{intensity}${'x'.repeat(251)}"`, 'got 257.'],
    ['prompt: x, duration: .nan', '.duration must be a number from 0.1 to 10, got NaN.'],
    ['prompt: x, cooldown: -1', '.cooldown must be a number from 0 to 3600, got -1.'],
    [
      'prompt: x, minImpulse: .inf',
      '.minImpulse must be a number from 0 to 1000000000, got Infinity.',
    ],
    ['prompt: x, volume: loud', '.volume must be a number from 0 to 100, got "loud".'],
    ['prompt: x, loop: yes', '.loop must be true or false, got "yes".'],
    ['prompt: x, attenuation: nine', '.attenuation must be none, got "nine".'],
    ['prompt: x, attenuation: { refDistance: 40 }', 'must be more than refDistance (40), got 30.'],
    [
      'prompt: x, attenuation: { cone: { inner: 90, outer: 60 } }',
      'must be at least inner (90), got 60.',
    ],
    ['prompt: x, takes: { lock: 2, ban: [2] }', '.takes.lock must not be banned, got 2.'],
    ['prompt: x, ambience: { crossfade: 1 }', 'must be at most half the duration (0.5), got 1.'],
    [
      'prompt: x, control: { by: speed, range: [1, 1], pitch: [0, 1] }',
      'must have two different ends, got 1.',
    ],
    ['prompt: x, control: [{ by: speed, range: [0, 1] }]', '.control[0] changes nothing.'],
    [
      'prompt: x, control: { by: speed, range: [0], volume: [0, 1] }',
      '.control.range[1] must be a number, got nothing.',
    ],
    ['prompt: x, on: { collision: false }', '.on.collision must be true, got false.'],
    ['prompt: x, on: { collision: true, event: e }', 'must have exactly one of collision, contact'],
    ['prompt: x, on: {}', 'got none of them.'],
    [
      'prompt: x, on: { event: e, when: plays }',
      '.on.when must be begins, changes, ends or lasts, got "plays".',
    ],
    [
      'prompt: x, on: { animationGroup: g, when: ends, at: 1 }',
      '.on.when must not stand beside at',
    ],
    ['prompt: x, loop: true, on: [{ collision: true }]', '.on[0] must be something that lasts'],
    ['prompt: x, loop: true, on: { trigger: enter }', '.on must be something that lasts'],
    [
      'prompt: x, on: { event: e, a: { materials: x } }',
      '.on.a.materials is not a field of this. Did you mean "material"?',
    ],
    ['prompt: x, on: { event: e, a: [] }', '.on.a must have 1 to 1024 entries, got 0.'],
  ])('%s', async (fields, message) => {
    expect((await problemsOfSound(fields)).join('\n')).toContain(message);
  });

  test('a sound with two kinds of problems has both told', async () => {
    const lines = await problemsOfSound('prompt: "{weigt}", voices: 0, bus: ambience');
    expect(lines).toHaveLength(3);
  });
});

describe('names that refer to something', () => {
  test.each([
    [
      'sounds: { a: { prompt: x, fallback: thd }, thud: { prompt: y } }',
      'sounds.a.fallback must be the name of a sound, got "thd". Did you mean "thud"?',
    ],
    [
      'sounds: { a: { prompt: x, bus: effects } }',
      'sounds.a.bus must be the name of a bus, got "effects". There are main.',
    ],
    [
      'sounds: {}\nbuses: { a: { duck: { under: b } } }',
      'buses.a.duck.under must be the name of a bus, got "b".',
    ],
    [
      'sounds: {}\nbuses: { a: { duck: { under: a } } }',
      'must be a bus that this one does not lead to, got "a".',
    ],
    [
      'sounds: {}\nbuses: { a: { duck: { under: main } } }',
      'must be a bus that this one does not lead to, got "main".',
    ],
    ['sounds: {}\nbuses: { main: { parent: a }, a: 1 }', 'buses.main.parent must not be there'],
    [
      'sounds: {}\nbuses: { a: { parent: b }, b: { parent: a } }',
      'buses.a.parent goes round in a circle: a → b → a.',
    ],
    [
      'sounds: { s: { prompt: x } }\nzones: { z: { sounds: [s, t] } }',
      '2:27: zones.z.sounds[1] must be the name of a sound, got "t".',
    ],
    [
      'sounds: { a: { prompt: x, fallback: a } }',
      'sounds.a.fallback goes round in a circle: a → a.',
    ],
    [
      'sounds: { o: { prompt: x, fallback: a }, a: { prompt: x, fallback: b }, b: { prompt: y, fallback: a } }',
      'sounds.a.fallback goes round in a circle: a → b → a.',
    ],
  ])('%s', async (text, message) => {
    const lines = await problemsIn(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test('a sound that has problems is still known by its name', async () => {
    const lines = await problemsIn('sounds: { a: { prompt: x, fallback: b }, b: { } }');
    expect(lines).toEqual(['sounds.yaml:1:42: sounds.b.prompt is missing.']);
  });

  test('what is wrong in the defaults is told there alone', async () => {
    const lines = await problemsIn(
      'defaults: { volume: -1, lop: true, pitch: 2 }\nsounds: { a: { prompt: x }, b: { prompt: y } }',
    );
    expect(lines).toEqual([
      'sounds.yaml:1:21: defaults.volume must be a number from 0 to 100, got -1.',
      'sounds.yaml:1:25: defaults.lop is not a field of this. Did you mean "loop"?',
    ]);
  });
});
