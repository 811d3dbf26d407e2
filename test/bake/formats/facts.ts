import type { AssetFacts } from '../../../bake/formats/asset-facts.ts';

export const FACTS: AssetFacts = {
  sound: 'küche',
  prompt: 'a pot falls — loudly',
  model: 'foley-tiny',
  licence: 'MIT',
  seed: 4294967295,
  soundKey: `89abcdef${'0'.repeat(56)}`,
};
