/** What the page gets to show of a sound map. */
import { expect, test } from 'vitest';
import { listingOf } from '../../../bake/audition/listing.ts';
import { parseSoundMap } from '../../../plugin/sound-map.ts';

const words = (letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`).join(', ');

async function soundOf(counts: number[]) {
  const letters = counts.map((_, i) => `s${'abcdefgh'[i]}`);
  const prompt = letters.map((letter) => `{${letter}}`).join(' ');
  const slots = letters.map((letter, i) => `${letter}: [${words(letter, counts[i] ?? 0)}]`);
  const text = `sounds:\n  big: { prompt: '${prompt}', slots: { ${slots.join(', ')} } }\n`;
  const [sound] = listingOf('sounds.yaml', await parseSoundMap(text, 'sounds.yaml'), []).sounds;
  return sound;
}

test('a few hundred prompts are shown, the others counted, of however many', async () => {
  expect(await soundOf([20, 24])).toMatchObject({ morePrompts: 0 });
  const sound = await soundOf([16, 16, 16, 16, 16, 16, 16]);
  expect(sound?.prompts.length).toBe(500);
  expect(sound?.prompts[499]).toBe('sa0 sb0 sc0 sd0 se1 sf15 sg3');
  expect(sound?.morePrompts).toBe(16 ** 7 - 500);
});

test('there was never a right map: no sounds, and what is wrong', () => {
  expect(listingOf('sounds.yaml', null, ['so wrong'])).toEqual({
    ...{ file: 'sounds.yaml', problems: ['so wrong'], sounds: [] },
  });
});
