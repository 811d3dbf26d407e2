import { describe, expect, test } from 'vitest';
import { withTakeChoice } from '../../../plugin/sound-map/tools.ts';
import { parseSoundMap } from '../../../plugin/sound-map.ts';

const CHOICE = { lock: 3, ban: [1, 7] };

const TEXT = `# yard
sounds:
  step:   # walking
    prompt: "a step"     # soft
    voices: { max: 3,steal: none }

    # when
    on:
      - { event: step }  # the game's
      - event: stamp  # too
  # the crate
  hit: { prompt: a crate hits }
  rain:
    takes:   # heard on Monday
      # the good one
      lock: 1  # loud
      ban: [2]
    prompt: rain
  wind:
    prompt: |
      wind in
      the trees

  last: { prompt: x, takes: { ban: [4, 5] } } # end
`;

describe('withTakeChoice', () => {
  test.each([
    ['step', ['      - event: stamp  # too', '    takes: { lock: 3, ban: [1, 7] }']],
    ['hit', ['  hit: { prompt: a crate hits, takes: { lock: 3, ban: [1, 7] } }']],
    ['rain', ['      lock: 3  # loud', '      ban: [1, 7]']],
    ['wind', ['      the trees', '    takes: { lock: 3, ban: [1, 7] }']],
    ['last', ['  last: { prompt: x, takes: { ban: [1, 7], lock: 3 } } # end']],
  ])('only the takes of %s change', async (sound, lines) => {
    const written = await withTakeChoice(TEXT, sound, CHOICE);
    expect(written).toContain(lines.join('\n'));
    const kept = TEXT.split('\n').filter((line) => !written.split('\n').includes(line));
    expect(kept.length).toBeLessThanOrEqual(2);
    const map = await parseSoundMap(written);
    expect(map.sounds.get(sound)?.takes).toEqual(CHOICE);
    const others = (name: string) => name !== sound;
    const before = await parseSoundMap(TEXT);
    for (const name of [...map.sounds.keys()].filter(others)) {
      expect(map.sounds.get(name)).toEqual(before.sounds.get(name));
    }
  });

  test.each(['step', 'hit', 'rain', 'wind', 'last'])(
    'a choice of %s that is taken back leaves nothing chosen',
    async (sound) => {
      const chosen = await withTakeChoice(TEXT, sound, CHOICE);
      const none = await withTakeChoice(chosen, sound, { lock: null, ban: [] });
      const map = await parseSoundMap(none);
      expect(map.sounds.get(sound)?.takes).toEqual({ lock: null, ban: [] });
    },
  );

  test('no choice where there is none changes nothing', async () => {
    expect(await withTakeChoice(TEXT, 'step', { lock: null, ban: [] })).toBe(TEXT);
  });

  test('JSON stays JSON', async () => {
    const json = JSON.stringify({ sounds: { a: { prompt: 'x' }, b: { prompt: 'y' } } }, null, 2);
    const written = JSON.parse(await withTakeChoice(json, 'a', CHOICE));
    expect(written.sounds.a).toEqual({ prompt: 'x', takes: CHOICE });
  });

  test('lines end as they did', async () => {
    const written = await withTakeChoice(TEXT.replaceAll('\n', '\r\n'), 'step', CHOICE);
    expect(written.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test.each([
    ['no such sound', TEXT, 'steps'],
    ['no YAML', 'sounds: {', 'step'],
    ['an alias', 'sounds:\n  a: &a { prompt: x }\n  b: *a\n', 'b'],
  ])('%s is refused', async (_, text, sound) => {
    await expect(withTakeChoice(text, sound, CHOICE)).rejects.toMatchObject({
      name: 'SoundMapError',
    });
  });
});
