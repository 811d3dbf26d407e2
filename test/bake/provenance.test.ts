import { describe, expect, test } from 'vitest';
import type { BakeManifest, ManifestTake } from '../../bake/contract.ts';
import { disclosureText } from '../../bake/provenance/disclosure-text.ts';
import { checkRelease, disclosureOf } from '../../bake/provenance.ts';

const HASH = 'ab'.repeat(32);
const FREE = { name: 'foley-tiny', licence: 'MIT', commercialUse: true, hash: HASH };
const UNFREE = {
  ...{ name: 'audiogen-medium', licence: 'CC-BY-NC 4.0', commercialUse: false },
  hash: 'cd'.repeat(32),
};

function take(prompt: string, seed: number): ManifestTake {
  const loudness = { sampleRate: 32000, loudness: -20, truePeak: -1 };
  return {
    prompt,
    seed,
    soundKey: HASH,
    duration: 0.75,
    loop: null,
    ...loudness,
    files: {},
    faults: [],
  };
}

function manifest(model: BakeManifest['model'], sounds: BakeManifest['sounds']): BakeManifest {
  const files = [{ path: 'sounds.foley', bytes: 1500, sha256: HASH }];
  return { formatVersion: 1, soundMap: 'sounds.yaml', hash: HASH, model, files, sounds };
}

const STEPS = { step: [take('a step', 0), take('a step', 1)], door: [take('a door | a gate', 0)] };

describe('release', () => {
  test('a model whose licence allows commercial use passes', () => {
    expect(() => checkRelease(FREE)).not.toThrow();
  });

  test('one whose licence forbids it is refused: model, licence, what to do', () => {
    expect(() => checkRelease(UNFREE)).toThrow(
      /release: .*audiogen-medium \(CC-BY-NC 4\.0\) forbids commercial use.*--model.*--release/,
    );
  });
});

describe('disclosure', () => {
  test('counts of several bakes, each model once', () => {
    const both = [manifest(FREE, STEPS), manifest(FREE, { zip: [take('a step', 3)] })];
    expect(disclosureOf(both, { live: false })).toEqual({
      ...{ preGenerated: true, liveGenerated: false },
      ...{ sounds: 3, takes: 4, prompts: 2, seconds: 3, bytes: 3000, soundMaps: ['sounds.yaml'] },
      models: [{ name: 'foley-tiny', licence: 'MIT', commercialUse: true, takes: 4 }],
    });
  });

  test('the text says what stores ask', () => {
    const text = disclosureText(disclosureOf([manifest(FREE, STEPS)], { live: false }));
    expect(text).toContain('3 clips of 2 sounds (2.3 s, 2 prompts, 1.5 kB)');
    expect(text).toContain('| foley-tiny | MIT | allowed | 3 |');
    expect(text).toContain('- Pre-generated: yes, sound effects.');
    expect(text).toContain('- Live-generated: no.');
    expect(text).toContain('`sounds.yaml`');
    expect(text).toContain('“AI Generated Sounds”');
    expect(text).not.toContain('Not to be sold');
  });

  test('live generation is said with its guardrails', () => {
    const text = disclosureText(disclosureOf([manifest(FREE, STEPS)], { live: true }));
    expect(text).toMatch(/Live-generated: yes.*Guardrails: the sound map decides/);
  });

  test('a licence that forbids sale stands out', () => {
    const mixed = [manifest(FREE, STEPS), manifest(UNFREE, { zip: [take('a zip', 0)] })];
    const text = disclosureText(disclosureOf(mixed, { live: false }));
    expect(text).toContain('| audiogen-medium | CC-BY-NC 4.0 | **forbidden** | 1 |');
    expect(text).toContain('**Not to be sold:** the licence of audiogen-medium');
  });

  test('no name breaks out of its table', () => {
    const odd = { ...FREE, name: 'a | b\n# c' };
    expect(disclosureText(disclosureOf([manifest(odd, {})], { live: false }))).toContain(
      '| a \\| b # c |',
    );
  });

  test('nothing baked, nothing live: no', () => {
    const text = disclosureText(disclosureOf([manifest(FREE, {})], { live: false }));
    expect(text).toContain('Pre-generated: no.');
    expect(text).toContain('No, as far as sounds go.');
  });
});
