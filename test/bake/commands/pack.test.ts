/** pack and unpack. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bakedTake, bakedTakes } from '../../runtime/baked-takes.ts';
import { openPackFolder, type PackFolder, type Said } from './run-command.ts';

let folder: PackFolder;
beforeAll(async () => {
  folder = await openPackFolder();
});
afterAll(() => folder.dispose());

const isRefused = ({ code, printed, errors }: Said) => {
  expect([code, printed, errors.length]).toEqual([1, '', 1]);
  return errors[0];
};

describe('pack', () => {
  test('two packs become one, in their order, each take once', async () => {
    const takes = bakedTakes(20);
    const a = await folder.write('a.foley', takes.slice(0, 12));
    const b = await folder.write('b.foley', takes.slice(8));
    const all = await folder.write('all.foley', takes);
    const said = await folder.run('pack', a, b, '-o', folder.at('both.foley'));
    expect(said).toMatchObject({ code: 0, errors: [] });
    expect(said.printed).toMatch(/both\.foley: 20 takes, \d+ bytes/);
    expect(await readFile(folder.at('both.foley'))).toEqual(await readFile(all));
  });

  test('--sound, --prompt and --seed take some of them', async () => {
    const all = await folder.write('all.foley', bakedTakes(20));
    const out = folder.at('some.foley');
    const chosen = [
      [['--sound', 'rain'], 2],
      [['--sound', 'rain, footstep'], 20],
      [['--prompt', 'SURFACE 1'], 4],
      [['--prompt', 'surface', '--seed', '3'], 4],
    ] as const;
    for (const [options, count] of chosen) {
      const { printed } = await folder.run('pack', all, ...options, '-o', out);
      expect(printed).toContain(`some.foley: ${count} takes`);
    }
    const rain = await folder.write('rain.foley', bakedTakes(20).slice(18));
    await folder.run('pack', all, '--sound', 'rain', '-o', out);
    expect(await readFile(out)).toEqual(await readFile(rain));
  });

  test('it may write over what it reads', async () => {
    const own = await folder.write('own.foley', bakedTakes(20));
    const { code } = await folder.run('pack', own, '--sound', 'rain', '-o', own);
    expect(code).toBe(0);
    expect((await folder.run('info', own)).printed).toContain(
      'own.foley: 1 sound, 1 prompt, 2 takes',
    );
  });

  test('two takes that answer the same request are named with both files, unless left out', async () => {
    const a = await folder.write('a.foley', [
      bakedTake({ draw: 1 }),
      bakedTake({ sound: 'x', draw: 3 }),
    ]);
    const b = await folder.write('b.foley', [bakedTake({ draw: 2 })]);
    const out = folder.at('clash.foley');
    const refused = isRefused(await folder.run('pack', a, b, '-o', out));
    expect(refused).toContain(
      `'footstep' has two takes for 'light footstep on wood', seed 0: in ${a} and in ${b}.`,
    );
    expect(await folder.run('pack', a, b, '--sound', 'x', '-o', out)).toMatchObject({ code: 0 });
  });

  test('packs of another codec are named with both', async () => {
    const a = await folder.write('a.foley', bakedTakes(4));
    const other = { ...folder.info, codecHash: 'ab'.repeat(32) };
    const b = await folder.write('b.foley', bakedTakes(4), other);
    const refused = isRefused(await folder.run('pack', a, b, '-o', folder.at('x.foley')));
    expect(refused).toContain(folder.info.codecHash);
    expect(refused).toMatch(/b\.foley is of another codec.*abababab/);
  });
});

describe('unpack', () => {
  test('what was unpacked packs to the same bytes, sounds in any order too', async () => {
    const mixed = [
      bakedTake({ sound: 'rain', loop: true, draw: 1 }),
      bakedTake({ sound: '../Rain', prompt: 'rain', rolledTo: 7, draw: 2 }),
      bakedTake({ sound: 'rain', seed: 1, sampling: { topP: 0.3 }, draw: 3 }),
      bakedTake({ sound: 'pack', prompt: '雨 🌧', draw: 4 }),
      { ...bakedTake({ draw: 5 }), loudness: Number.NEGATIVE_INFINITY },
    ];
    const file = await folder.write('mixed.foley', mixed);
    const { code, printed } = await folder.run('unpack', file, '-o', folder.at('texts'));
    expect([code, printed]).toEqual([0, `${folder.at('texts')}: 5 takes in 4 sounds`]);
    expect((await readdir(folder.at('texts'))).sort()).toEqual([
      'Rain-2.json',
      'footstep.json',
      'pack-2.json',
      'pack.json',
      'rain.json',
    ]);
    await folder.run('pack', folder.at('texts'), '-o', folder.at('again.foley'));
    expect(await readFile(folder.at('again.foley'))).toEqual(await readFile(file));
  });

  test('codes are a line for each codebook, and a take can be taken out by hand', async () => {
    const file = await folder.write('a.foley', bakedTakes(20));
    await folder.run('unpack', file, '-o', folder.at('edited'));
    const path = folder.at('edited/rain.json');
    const rain = JSON.parse(await readFile(path, 'utf8'));
    expect(rain.takes[0].codes).toHaveLength(4);
    expect(rain.takes[0].codes[0]).toMatch(/^\d+( \d+){108}$/);
    rain.takes.shift();
    await writeFile(path, JSON.stringify(rain));
    const { printed } = await folder.run('pack', folder.at('edited'), '-o', folder.at('b.foley'));
    expect(printed).toContain('19 takes');
  });

  test('a folder that is not empty is left as it is', async () => {
    const file = await folder.write('a.foley', bakedTakes(4));
    await folder.run('unpack', file, '-o', folder.at('full'));
    const refused = isRefused(await folder.run('unpack', file, '-o', folder.at('full')));
    expect(refused).toMatch(/full is not empty \(\w+\.json is in it\)/);
  });
});

describe('what is wrong is one line and exit code 1', () => {
  test('what cannot be unpacked or packed', async () => {
    const bytes = await readFile(await folder.write('b.foley', bakedTakes(4)));
    await writeFile(folder.at('long.foley'), Buffer.concat([bytes, Buffer.from('ab')]));
    await writeFile(folder.at('flipped.foley'), bytes.fill(0, bytes.length - 9));
    const out = ['-o', folder.at('out')];
    const wrong: [string[], string][] = [
      [['pack'], 'pack: nothing to pack'],
      [['pack', folder.at('b.foley')], 'no output. Say where with -o'],
      [['pack', folder.at('none.foley'), ...out], 'none.foley cannot be read: ENOENT'],
      [['pack', folder.at('.'), ...out], 'pack.json cannot be read: ENOENT'],
      [
        ['pack', folder.at('b.foley'), '--sound', 'snow', ...out],
        "no sound 'snow'. There are: footstep, rain.",
      ],
      [['pack', folder.at('b.foley'), '--seed', 'x', ...out], "--seed must be a number, got 'x'"],
      [['pack', folder.at('b.foley'), '--prompt', 'snow', ...out], 'none of 4 takes fits'],
      [
        ['pack', folder.at('b.foley'), '-o', '/nowhere/x.foley'],
        '/nowhere/x.foley cannot be written: ENOENT',
      ],
      [['pack', folder.at('b.foley'), '--sonud', 'rain', ...out], 'no option --sonud'],
      [['unpack'], 'unpack: no token pack'],
      [['unpack', folder.at('b.foley')], 'no folder. Say where with -o'],
      [
        ['unpack', folder.at('b.foley'), '-o', folder.at('b.foley/in')],
        'b.foley/in cannot be written',
      ],
      [['unpack', 'a', 'b', ...out], 'at most 1 at a time, got 2'],
      [['unpack', folder.at('flipped.foley'), ...out], 'flipped.foley, byte'],
      [['unpack', folder.at('long.foley'), ...out], 'expected the end, found 2 bytes more'],
    ];
    for (const [args, message] of wrong) {
      expect(isRefused(await folder.run(...args))).toContain(message);
    }
    expect(await readdir(folder.at('.'))).not.toContain('out');
  });

  test('texts that were changed by hand and are wrong: file and field are named', async () => {
    const file = await folder.write('a.foley', bakedTakes(4));
    await folder.run('unpack', file, '-o', folder.at('wrong'));
    const path = folder.at('wrong/footstep.json');
    const text = await readFile(path, 'utf8');
    const wrong: [RegExp, string, string][] = [
      [/^\{/, '', 'footstep.json is no JSON'],
      [/"seed": 0/, '"seed": "0"', 'takes.0.spec.seed'],
      [/"codes": \[\s+"\d+ /, '"codes": ["x ', 'takes.0.codes.0: a row of codes is numbers'],
      [/"codes": \[\s+"\d+ /, '"codes": ["70000 ', 'takes.0.codes.0.0'],
      [/"codes": \[\s+"\d+ /, '"codes": ["1024 ', 'code 0 below 1024, found 1024'],
      [/"codes": \[\s+"\d+ /, '"codes": ["', '100 codes, found 99'],
      [/"start": \d+/, '"start": 99999', 'a cut within 16000 samples'],
    ];
    for (const [from, to, message] of wrong) {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      await writeFile(path, changed);
      const said = await folder.run('pack', folder.at('wrong'), '-o', folder.at('no.foley'));
      expect(isRefused(said)).toContain(message);
    }
    await writeFile(folder.at('wrong/pack.json'), '{"format": "scenefoley unpacked 2"}');
    const said = await folder.run('pack', folder.at('wrong'), '-o', folder.at('no.foley'));
    expect(isRefused(said)).toMatch(/pack\.json: format: .*scenefoley unpacked 1/);
  });

  test('--help names the options', async () => {
    for (const command of ['pack', 'unpack']) {
      const { code, printed } = await folder.run(command, '--help');
      expect(code).toBe(0);
      expect(printed).toContain('--output');
    }
    expect((await folder.run('pack', '--help')).printed).toContain('--sound');
  });
});
