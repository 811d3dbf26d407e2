/** The command as it is published: worker threads, kills at any moment, two at once, signals. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeRecord } from '../../bake/take-store/take-record.ts';
import { fastRandom } from '../reference/seeded.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';
import { type BuiltCli, buildCli, type RunningCli } from '../support/built-cli.ts';
import { hashesIn } from './baking.ts';

const MAP = `
defaults: { duration: 0.1, variations: 4 }
sounds:
  step: { prompt: "step on {surface}", slots: { surface: [wood, snow, sand] } }
  rain: { prompt: rain, loop: true }
`;
/** Their files take seconds. */
const LONG_MAP = MAP.replace('duration: 0.1', 'duration: 2');
const ALL_FORMATS = ['--format', 'foley,wav,flac,opus'];
const KILLS = 20;
/** Bakes that run side by side: what a test machine has cores for. */
const LANES = 2;

let cli: BuiltCli;
let folder: string;
beforeAll(() => {
  cli = buildCli();
  folder = mkdtempSync(join(tmpdir(), 'scenefoley-built-'));
  writeFileSync(join(folder, 'sounds.yaml'), MAP);
  writeFileSync(join(folder, 'long.yaml'), LONG_MAP);
});
afterAll(() => {
  cli?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const bake = (output: string, ...more: string[]) => bakeMap('sounds.yaml', output, ...more);
const bakeLong = (output: string, ...more: string[]) => bakeMap('long.yaml', output, ...more);

function bakeMap(map: string, output: string, ...more: string[]) {
  // Its text encoder is not the judge's.
  const model = ['--model', resolve(TINY_PACK), '--min-score', '0'];
  const formats = more.includes('--format') ? [] : ['--format', 'foley,wav'];
  return cli.start(['bake', map, '-o', output, ...model, ...formats, ...more], folder);
}

/** Everything below a folder that is half-written, or no record. */
function brokenIn(output: string): string[] {
  const store = join(folder, output, '.scenefoley', 'takes');
  const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const left = readdirSync(join(folder, output, '.scenefoley', 'temporary'));
  const isWhole = (path: string) => {
    const id = path.slice(-65).replace('/', '');
    return decodeRecord(readFileSync(path), id) !== undefined;
  };
  return [...left, ...paths.filter((path) => !isWhole(path))];
}

describe('scenefoley bake', () => {
  test('one thread or three, rolled again or not: the same bytes; then there is nothing to do', async () => {
    const one = await bake('one', '--workers', '1', ...ALL_FORMATS).end;
    const three = await bake('three', '--workers', '3', ...ALL_FORMATS).end;
    expect([one.errors, three.errors]).toEqual(['', '']);
    const hashes = hashesIn(join(folder, 'one'));
    expect(hashesIn(join(folder, 'three'))).toEqual(hashes);
    expect(Object.keys(hashes).length).toBe(2 + 3 * 16);
    const again = await bake('one', ...ALL_FORMATS).end;
    expect(again).toMatchObject({ code: one.code, errors: '' });
    expect(again.printed).toContain('nothing to do, 16 takes of 2 sounds');
  });

  test(`killed at ${KILLS} moments and run again: the same bytes, and nothing half-written`, async () => {
    const began = performance.now();
    const { code } = await bake('whole').end;
    const took = performance.now() - began;
    const whole = hashesIn(join(folder, 'whole'));
    const random = fastRandom(6);
    const moments = Array.from({ length: KILLS }, () => took * random()).entries();
    let killed = 0;
    const lane = async () => {
      for (const [index, moment] of moments) {
        const output = `killed-${index}`;
        const victim = bake(output);
        const timer = globalThis.setTimeout(() => victim.kill('SIGKILL'), moment);
        if ((await victim.end).code === null) killed += 1;
        clearTimeout(timer);
        expect(await bake(output).end).toMatchObject({ code, errors: '' });
        expect(hashesIn(join(folder, output))).toEqual(whole);
        expect(brokenIn(output)).toEqual([]);
        rmSync(join(folder, output), { recursive: true });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(killed).toBeGreaterThan(KILLS / 2);
  }, 300_000);

  test('two at once: one bakes, the other says who has the folder, with exit code 3', async () => {
    const [a, b] = await Promise.all([bake('both').end, bake('both').end]);
    const [held, done] = a?.code === 3 ? [a, b] : [b, a];
    expect(held?.code).toBe(3);
    expect(held?.errors).toMatch(/both is held by another bake: process \d+ on .+, since 20/);
    expect(done?.printed).toContain('16 takes of 2 sounds');
  });

  test('a path is meant from the working folder, wherever npm was called', async () => {
    const { code, errors } = await bake('never', '--check').end; // with INIT_CWD elsewhere
    expect([code, errors]).toEqual([2, 'manifest.json is not there\n']);
  });

  test('Ctrl+C: a sentence, exit code 1, no lock left; the next goes on', async () => {
    const running = bake('stopped', '--json');
    const timer = setInterval(() => {
      if (!hasRecord(join(folder, 'stopped', '.scenefoley', 'takes'))) return;
      clearInterval(timer);
      running.kill('SIGINT');
    }, 5);
    const { code, errors } = await running.end;
    clearInterval(timer);
    expect([code, errors]).toEqual([
      1,
      'bake: stopped. What was made is kept: bake again to go on.\n',
    ]);
    expect(readdirSync(join(folder, 'stopped', '.scenefoley'))).not.toContain('lock');
    const next = await bake('stopped').end;
    const [, made] = next.printed.match(/sounds, (\d+) made now/) ?? [];
    expect(Number(made)).toBeLessThan(16);
  });

  test('goes on where nobody reads what it says any more', async () => {
    const running = cli.start(['--help'], folder);
    running.deafen();
    expect(await running.end).toMatchObject({ code: 0, errors: '' });
  });

  test('Ctrl+C while files are encoded: those that are there are whole; the next goes on', async () => {
    const whole = await bakeLong('whole-files', '--workers', '1', ...ALL_FORMATS).end;
    const hashes = hashesIn(join(folder, 'whole-files'));
    const running = bakeLong('halted', '--workers', '3', '--json', ...ALL_FORMATS);
    await until(() => /"stage":"files","done":[1-9]/.test(running.printed), running);
    running.kill('SIGINT');
    const { code, errors } = await running.end;
    expect([code, errors]).toEqual([1, expect.stringContaining('bake: stopped.')]);
    const halted = hashesIn(join(folder, 'halted'));
    expect(hashes).toMatchObject(halted);
    expect(Object.keys(halted)).not.toContain('manifest.json');
    expect(brokenIn('halted')).toEqual([]);
    expect(await bakeLong('halted', ...ALL_FORMATS).end).toMatchObject({
      code: whole.code,
      errors: '',
    });
    expect(hashesIn(join(folder, 'halted'))).toEqual(hashes);
  });

  test('Ctrl+Z for minutes: another takes the folder over; woken, the first says so and writes nothing', async () => {
    const first = bake('slept', '--workers', '1');
    const privateFolder = join(folder, 'slept', '.scenefoley');
    await until(() => hasRecord(join(privateFolder, 'takes')), first);
    first.kill('SIGSTOP');
    utimesSync(join(privateFolder, 'lock'), 1000, 1000);
    const { code } = await bake('slept').end;
    const hashes = hashesIn(join(folder, 'slept'));
    first.kill('SIGCONT');
    const woken = await first.end;
    expect(woken.errors).toMatch(/slept is no longer this bake's: .*\. Nothing more is written/);
    expect([code === 0 || code === 4, woken.code]).toEqual([true, 3]);
    expect(hashesIn(join(folder, 'slept'))).toEqual(hashes);
    expect(brokenIn('slept')).toEqual([]);
    expect((await bake('slept').end).printed).toContain('nothing to do');
  });
});

function hasRecord(store: string): boolean {
  try {
    return readdirSync(store).some((name) => name !== 'temporary');
  } catch {
    return false;
  }
}

/** @throws Error where it ends before it is so */
async function until(isSo: () => boolean, { end }: RunningCli): Promise<void> {
  let hasEnded = false;
  void end.then(() => {
    hasEnded = true;
  });
  while (!isSo()) {
    if (hasEnded) throw new Error('built-bake: it ended before.');
    await setTimeout(2);
  }
}
