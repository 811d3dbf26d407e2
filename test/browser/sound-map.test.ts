/** In a real browser, from a real server: the parser comes on demand, the answer for a file that is not there is no sound map. */
import { expect, test } from 'vitest';
import { withTakeChoice } from '../../plugin/sound-map/tools.ts';
import { loadSoundMap } from '../../plugin/sound-map.ts';

const parserLoads = () =>
  performance.getEntriesByType('resource').filter(({ name }) => /yaml-text/.test(name)).length;

test('YAML loads its parser, objects do not', async () => {
  await loadSoundMap({ sounds: { hum: { prompt: 'hum' } } });
  expect(parserLoads()).toBe(0);
  const map = await loadSoundMap('/test/fixtures/sounds.yaml');
  expect([...map.sounds.keys()]).toEqual(['step', 'hum']);
  expect(map.sounds.get('step')?.takes.lock).toBe(2);
  expect(parserLoads()).toBe(1);
});

test('a file that is not there', async () => {
  await expect(loadSoundMap('/test/fixtures/none.yaml')).rejects.toMatchObject({
    name: 'SoundMapError',
  });
});

test('a choice of takes is written in the browser too', async () => {
  const text = await (await fetch('/test/fixtures/sounds.yaml')).text();
  expect(await withTakeChoice(text, 'step', { lock: 5, ban: [] })).toBe(
    text.replace('lock: 2', 'lock: 5'),
  );
});
