/** The mistakes of the first hour: the messages that a designer reads, word for word. */
import { expect, test } from 'vitest';
import { parseSoundMap } from '../../../plugin/sound-map.ts';
import { problemsOf } from '../sound-map/sound-maps.ts';

const told = async (sounds: string) => {
  const problems = await problemsOf(() => parseSoundMap(`sounds:\n${sounds}`));
  return problems.map((problem) => problem.replace(/^sounds\.yaml:/, ''));
};

const ONE_OF =
  'must have exactly one of collision, contact, trigger, collide, action, animationEvent, animationGroup, node, particles, event, got ';

test.each([
  [
    '  hit: { prompt: a {material} crate }\n',
    '2:20: is no YAML here: Unexpected flow-map-start at node end. A prompt with a slot needs quotes here: "{a.material} hit".',
  ],
  [
    '  hit:\n    prompt: "{material} hit"\n',
    '3:13: sounds.hit.prompt has an unknown slot {material}. Did you mean {a.material}?',
  ],
  [
    '  hit:\n    prompt: "{materal} hit"\n',
    '3:13: sounds.hit.prompt has an unknown slot {materal}. Did you mean {a.material}?',
  ],
  [
    '  hit:\n    prompt: {a.material} hit\n',
    '3:26: is no YAML here: Unexpected scalar at node end. A prompt with a slot needs quotes here: "{a.material} hit".',
  ],
  [
    '  step:\n    prompt: steps: heavy\n',
    '3:13: is no YAML here: Nested mappings are not allowed in compact mappings. Text with a colon in it needs quotes: "steps: heavy".',
  ],
  ['  - prompt: bell\n', '2:3: sounds must be names, each with its fields below it, got a list.'],
  [
    '  bell: ding\n',
    '2:9: sounds.bell must have fields (prompt, slots, duration, variations, cooldown, minImpulse, lateness, volume, …), got "ding".',
  ],
  [
    '  bell:\n    prompt:\n',
    '3:12: sounds.bell.prompt must be text, got nothing. Write it after the colon.',
  ],
  ['  bell: { prompt: 8 }\n', '2:19: sounds.bell.prompt must be text, got 8. Put it in quotes.'],
  [
    '  rain: { prompt: rain, loop: yes }\n',
    '2:31: sounds.rain.loop must be true or false, got "yes".',
  ],
  [
    '  bell: { promt: bell }\n',
    '2:11: sounds.bell.promt is not a field of this. Did you mean "prompt"?',
  ],
  [
    '  hit: { prompt: hit, on: collision }\n',
    `2:27: sounds.hit.on ${ONE_OF}"collision". Write it with its value, as in { collision: true }.`,
  ],
  [
    '  hit: { prompt: hit, on: { collison: true } }\n',
    `2:27: sounds.hit.on ${ONE_OF}none of them. Did you mean "collision"?`,
  ],
  [
    '  hit: { prompt: hit, volume: 80% }\n',
    '2:31: sounds.hit.volume must be a number from 0 to 100, got "80%".',
  ],
])('%j', async (sounds, message) => {
  expect(await told(sounds)).toEqual(expect.arrayContaining([message]));
  expect((await told(sounds)).length).toBeLessThanOrEqual(2);
});
