import { expect, test, vi } from 'vitest';
import { nearestSounds } from '../../../runtime/player/nearest-sounds.ts';
import { bakedTake } from '../baked-takes.ts';

const sounds = [
  bakedTake({ prompt: 'heavy wooden door slams', seed: 0, duration: 1 }),
  bakedTake({ prompt: 'heavy wooden door slams', seed: 3, duration: 2 }),
  bakedTake({ prompt: 'Light wooden door slams', seed: 0, duration: 1 }),
  bakedTake({ prompt: 'steady rain', seed: 0, duration: 1 }),
];

test('the same words first, then those with fewer other differences', () => {
  const { spec } = bakedTake({ prompt: 'heavy wooden door slams', seed: 3, duration: 1 });
  expect(nearestSounds(spec, sounds)).toEqual([sounds[0], sounds[1], sounds[2]]);
});

test('a word in another case is the same word; none in common is not near', () => {
  const { spec } = bakedTake({ prompt: 'light RAIN' });
  expect(nearestSounds(spec, sounds)).toEqual([sounds[3], sounds[2]]);
  expect(nearestSounds({ ...spec, prompt: 'thunder' }, sounds)).toEqual([]);
  expect(nearestSounds({ ...spec, prompt: '…' }, sounds)).toEqual([]);
});

test('no more than asked for', () => {
  const { spec } = bakedTake({ prompt: 'door' });
  expect(nearestSounds(spec, sounds, 2).length).toBe(2);
});

test('words of a prompt are looked at once, however many takes it has', () => {
  const { spec } = bakedTake({ prompt: 'door' });
  const many = Array.from({ length: 100 }, () => sounds).flat();
  const match = vi.spyOn(String.prototype, 'match');
  nearestSounds(spec, many);
  const times = match.mock.calls.length;
  match.mockRestore();
  expect(times).toBe(4); // three prompts, and what is wanted
});
