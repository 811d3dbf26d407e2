import { describe, expect, test } from 'vitest';
import type { BakedTake } from '../../../runtime/contract.ts';
import { createShelf } from '../../../runtime/player/shelf.ts';
import { bakedTake, INFO } from '../baked-takes.ts';

const pack = (place: string, sounds: BakedTake[], info = INFO) => ({
  ...{ place, info, sounds, isWhole: true },
});
const door = bakedTake({ prompt: 'door slams', seed: 0 });
const otherDoor = bakedTake({ prompt: 'door slams', seed: 1 });
const rain = bakedTake({ prompt: 'steady rain', duration: 2, loop: true });

describe('shelf', () => {
  test('every sound is found in its place by its own spec', () => {
    const packs = [pack('a', [door, otherDoor]), pack('b', [rain])];
    const shelf = createShelf({ packs, failed: [] });
    expect(shelf.sounds).toEqual([door, otherDoor, rain]);
    expect(shelf.find(door.spec)).toEqual({ pack: 0, sound: 0 });
    expect(shelf.find(otherDoor.spec)).toEqual({ pack: 0, sound: 1 });
    expect(shelf.find(rain.spec)).toEqual({ pack: 1, sound: 0 });
  });

  test('a take that was rolled again is found by its own seed too', () => {
    const rolled = bakedTake({ prompt: 'door slams', seed: 2, rolledTo: 77 });
    const shelf = createShelf({ packs: [pack('a', [door, rolled])], failed: [] });
    expect(shelf.find(rolled.spec)).toEqual({ pack: 0, sound: 1 });
    expect(shelf.find({ ...rolled.spec, seed: 77 })).toEqual({ pack: 0, sound: 1 });
  });

  test('of two packs with the same sound the first answers', () => {
    const shelf = createShelf({
      packs: [pack('a', [otherDoor]), pack('b', [door, otherDoor])],
      failed: [],
    });
    expect(shelf.find(otherDoor.spec)).toEqual({ pack: 0, sound: 0 });
    expect(shelf.find(door.spec)).toEqual({ pack: 1, sound: 0 });
  });

  test('each pack completes a request in its own way', () => {
    const sampling = { ...INFO.sampling, temperature: 0.5 };
    const cool = bakedTake({ prompt: 'door slams', sampling, duration: 0.5 });
    const shelf = createShelf({
      packs: [pack('a', [rain]), pack('b', [cool], { ...INFO, sampling })],
      failed: [],
    });
    expect(shelf.find({ prompt: ' door slams ', duration: 0.5 })).toEqual({ pack: 1, sound: 0 });
    expect(shelf.find({ prompt: 'door slams', duration: 0.5, temperature: 0.9 })).toBeUndefined();
  });

  test('what is nowhere may be in a pack that failed: it is named', () => {
    const reason = 'player: b.foley cannot be read: HTTP 404. Check the address.';
    const shelf = createShelf({
      packs: [pack('a.foley', [door])],
      failed: [{ place: 'b.foley', reason }],
    });
    const { message } = shelf.missing({ prompt: 'bell' });
    expect(message).toContain("'bell' (1 s, seed 0) is not in a.foley.");
    expect(message).toMatch(/bake it\. Missing: player: b\.foley cannot be read: .+\.$/);
  });

  test('what is nowhere is told with what comes near', () => {
    const shelf = createShelf({
      packs: [pack('a.foley', [door, rain]), pack('b.foley', [otherDoor])],
      failed: [],
    });
    const { name, message } = shelf.missing({ prompt: 'door slams', seed: 9 });
    expect(name).toBe('RangeError');
    expect(message).toBe(
      "player: 'door slams' (1 s, seed 9) is not in a.foley, b.foley. Nearest: 'door slams' (0.5 s, seed 0); 'door slams' (0.5 s, seed 1). Ask for one of those, or bake it.",
    );
    expect(shelf.missing({ prompt: 'thunder' }).message).toContain('Nearest: none.');
  });
});
