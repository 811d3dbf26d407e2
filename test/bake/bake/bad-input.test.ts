/** What is wrong is said before any take is made, in a sentence that says what to do. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GRAPHS, WEIGHTS } from '../../../runtime/model-manifest.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { type Bakery, createBakery } from '../baking.ts';

const MAP = `
defaults: { duration: 0.1, variations: 1 }
sounds:
  step: { prompt: a step }
`;
let bakery: Bakery;
beforeEach(() => {
  bakery = createBakery();
  bakery.write(MAP);
});
afterEach(() => bakery.dispose());

const assets = (...path: string[]) => join(bakery.folder, 'assets', ...path);

describe('what is wrong', () => {
  test('with the sound map is said before any work, all of it, with its places', async () => {
    bakery.write('sounds:\n  a: { prompt: 3 }\n  b: { prompt: x, variation: 2 }\n');
    const failed = bakery.bake();
    await expect(failed).rejects.toThrow(/sounds\.yaml:2:\d+: sounds\.a\.prompt/);
    await expect(failed).rejects.toThrow(/sounds\.yaml:3:\d+: sounds\.b\.variation/);
    expect(bakery.made).toEqual([]);
  });

  test('is one sentence that says what to do', async () => {
    const soundMap = join(bakery.folder, 'nowhere.yaml');
    await expect(bakery.bake({ soundMap })).rejects.toThrow(/nowhere\.yaml cannot be read: ENOENT/);
    await expect(bakery.bake({ model: '/nowhere' })).rejects.toThrow(/\/nowhere\/model\.json/);
    await expect(bakery.bake({ output: join(bakery.folder, 'sounds.yaml') })).rejects.toThrow(
      /cannot be written: a part of the path is a file \(ENOTDIR\)/,
    );
    await expect(bakery.bake({ workers: 0 })).rejects.toThrow('workers must be a whole number');
    await expect(bakery.bake({ formats: [] })).rejects.toThrow(
      'formats must be one or more of foley, wav, flac, opus, got none',
    );
    await expect(bakery.bake({ formats: ['foley', 'mp3' as 'wav'] })).rejects.toThrow('got mp3');
  });

  test('with the names of a sound or of the map is said before any take is made', async () => {
    bakery.write('sounds:\n  "a\\u0007b": { prompt: x }\n');
    await expect(bakery.bake()).rejects.toThrow(/must have no control characters, got "a\\u0007b"/);
    const soundMap = join(bakery.folder, 'level:1.yaml');
    writeFileSync(soundMap, MAP);
    await expect(bakery.bake({ soundMap })).rejects.toThrow(
      /'level:1\.foley' has a colon or a backslash, .* Rename .*level:1\.yaml\./,
    );
    expect(bakery.made).toEqual([]);
  });

  test('a model whose codes nothing could play is refused before any take is made', async () => {
    const model = join(bakery.folder, 'without-decoder');
    mkdirSync(model);
    const manifest = JSON.parse(readFileSync(join(TINY_PACK, 'model.json'), 'utf8'));
    for (const weights of WEIGHTS) delete manifest.files[weights];
    for (const graph of GRAPHS) manifest.files[graph] = { sha256: 'a'.repeat(64), bytes: 1 };
    writeFileSync(join(model, 'model.json'), JSON.stringify(manifest));
    await expect(bakery.bake({ model })).rejects.toThrow('has no decoder.safetensors');
    expect(bakery.made).toEqual([]);
  });

  test('a release with a model that forbids commercial use is refused', async () => {
    const model = join(bakery.folder, 'not-for-sale');
    mkdirSync(model);
    const text = readFileSync(join(TINY_PACK, 'model.json'), 'utf8');
    writeFileSync(
      join(model, 'model.json'),
      text.replace('"commercialUse": true', '"commercialUse": false'),
    );
    await expect(bakery.bake({ model, release: true })).rejects.toThrow('forbids commercial use');
    expect(bakery.made).toEqual([]);
  });

  test('a foreign file in the way is said before any take is made', async () => {
    mkdirSync(assets());
    writeFileSync(assets('manifest.json'), '{"name":"my app"}');
    await expect(bakery.bake()).rejects.toThrow(/manifest\.json is there already/);
    expect(bakery.made).toEqual([]);
    expect(readFileSync(assets('manifest.json'), 'utf8')).toBe('{"name":"my app"}');
  });
});
