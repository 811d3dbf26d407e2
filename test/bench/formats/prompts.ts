/** What a game of swords, crates and doors could want: 45 one-shots and 5 loops, 4 takes each. */
export const ONE_SHOTS = [
  ...['wood', 'stone', 'metal', 'gravel', 'snow'].map((ground) => `a footstep on ${ground}`),
  ...['wood', 'stone', 'metal', 'gravel', 'snow'].map((ground) => `hard footstep on ${ground}`),
  ...['wood', 'metal', 'glass', 'stone'].map((thing) => `soft impact of a ${thing} crate on stone`),
  ...['wood', 'metal', 'glass', 'stone'].map((thing) => `hard impact of a ${thing} crate on wood`),
  'heavy wooden door slams',
  'a wooden door creaks open',
  'a metal gate shuts',
  'glass breaks',
  'wood breaks',
  'rocks fall',
  'a coin is picked up',
  'a switch clicks',
  'a key turns in a lock',
  'a chest opens',
  'sword hits a shield',
  'sword hits a sword',
  'an arrow whooshes past',
  'an arrow hits wood',
  'a gun shot',
  'an explosion',
  'short laser shot',
  'electric spark',
  'a magic spell',
  'a bell rings once',
  'a car horn',
  'a dog barks',
  'a cat meows',
  'a bird chirps',
  'water drips',
  'a splash',
  'thunder',
] as const;

export const LOOPS = [
  'rain on a roof',
  'a steady diesel engine',
  'wind in trees',
  'a fire crackles',
  'a low electric hum',
] as const;

export const SEEDS = [0, 1, 2, 3] as const;
