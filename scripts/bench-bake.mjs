/**
 * Bakes as games do them, with the command that is built: takes a minute, how they grow with threads and sounds, and the second
 * run, which has nothing to do.
 *
 *   10, 100, 1,000 sounds of half a second, a take each     × 1 and 2 threads     then once more
 *   up to 100: the same takes, kept, as WAV, FLAC, Ogg Opus × 1 and 2 threads     nothing but encoding
 *   node scripts/bench-bake.mjs [--model models/foley-tiny] [--sounds 10,100,1000]      alone: one JSON object
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './install.mjs';
import { mustRun } from './steps.mjs';

const WORKERS = [1, 2];
const SECONDS = 0.5;
const FORMATS = ['wav', 'flac', 'opus'];
const MOST_ENCODED = 100;
const THINGS = [
  'door',
  'coin',
  'crate',
  'bell',
  'stone',
  'glass',
  'sword',
  'switch',
  'drop',
  'step',
];

/**
 * @returns by number of sounds: takes a minute and real-time factor (time ÷ duration of the sounds) with 1 and 2 threads,
 *   seconds of the second run, takes a minute that are encoded, by format, and the load of the machine before
 */
export function benchBake(model, counts = [10, 100, 1000]) {
  mustRun('rollup', ['-c', '--configOnly', 'bake', '--silent']);
  const folder = mkdtempSync(join(tmpdir(), 'scenefoley-bench-bake-'));
  try {
    return Object.fromEntries(counts.map((count) => [count, benchCount(folder, model, count)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchCount(folder, model, count) {
  const map = join(folder, `${count}.yaml`);
  writeFileSync(map, mapOf(count));
  const load = loadavg()[0];
  const byWorkers = WORKERS.map((workers) => {
    const args = [
      'bake',
      map,
      '-o',
      join(folder, `${count}-${workers}`),
      ...['--model', resolve(root, model), '--workers', String(workers)],
    ];
    const first = timed(args, /, (\d+) made now/);
    const again = timed(args, /(nothing to do)/);
    const encoded = count > MOST_ENCODED ? {} : encodedAMinute(args, count);
    return { workers, ...first, made: Number(first.found), again: again.seconds, encoded };
  });
  const figures = byWorkers.map(({ workers, seconds, made, again, encoded }) => [
    workers,
    {
      ...{ takes_a_minute: (60 * made) / seconds, rtf: seconds / (made * SECONDS) },
      ...{ second_run_s: again, encoded_a_minute: encoded },
    },
  ]);
  return { load, ...Object.fromEntries(figures) };
}

/** Of takes that are kept already. */
function encodedAMinute(args, count) {
  const rates = FORMATS.map((format) => {
    const { seconds } = timed([...args, '--format', format], /, (0) made now/);
    return [format, (60 * count) / seconds];
  });
  return Object.fromEntries(rates);
}

/** Whole, with the start of Node. Takes that the gate refuses are exit code 4: no matter here. */
function timed(args, pattern) {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ['dist/bake/cli.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const seconds = (performance.now() - began) / 1000;
  const [, found] = stdout.match(pattern) ?? [];
  if (found === undefined) throw new Error(`bench-bake: exit code ${status}: ${stderr}${stdout}`);
  return { seconds, found };
}

function mapOf(count) {
  const sounds = Array.from(
    { length: count },
    (_, i) => `  s${i}: { prompt: a ${THINGS[i % THINGS.length]} of kind ${i} }`,
  );
  return `defaults: { duration: ${SECONDS}, variations: 1 }\nsounds:\n${sounds.join('\n')}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: 'models/foley-tiny' },
      sounds: { type: 'string', default: '10,100,1000' },
    },
  });
  console.log(JSON.stringify(benchBake(values.model, values.sounds.split(',')), undefined, 1));
}
