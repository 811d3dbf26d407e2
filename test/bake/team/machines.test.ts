/** A bake by several processes, as several machines would: the published command, a real Redis, one worker killed. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { afterAll, beforeAll, expect, test } from 'vitest';
import configure from '../../../rollup.config.mjs';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { type BuiltCli, buildCli, type RunningCli } from '../../support/built-cli.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { root } from '../../support/source-files.ts';

const MODEL = join(root, TINY_PACK);

const MAP = `
sounds:
  step:
    prompt: a {weight} footstep on {surface}
    slots:
      surface: { values: [wood, stone, metal, gravel, snow] }
      weight: { values: [soft, medium, hard] }
    duration: 2
    variations: 4
    on: { event: step }
`;
const TAKES = 5 * 3 * 4;

let folder: string;
let redis: RedisServer;
let scenefoley: BuiltCli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-team-'));
  await writeFile(join(folder, 'sounds.yaml'), MAP);
  redis = await startRedis();
  scenefoley = buildCli();
});
afterAll(async () => {
  await redis.dispose();
  scenefoley.remove();
  await rm(folder, { recursive: true });
});

const bakeArgs = (output: string) => [
  ...['bake', join(folder, 'sounds.yaml'), '-o', join(folder, output)],
  ...['--model', MODEL, '--no-gate'],
];
const teamArgs = () => ['--queue', redis.url, '--store', join(folder, 'store')];

const linesOf = (text: string) => text.split('\n').filter(Boolean);
const takesOf = (text: string) => linesOf(text).filter((line) => line.startsWith('made '));

async function startWorker(): Promise<RunningCli> {
  const worker = scenefoley.start(['worker', ...teamArgs(), '--model', MODEL], folder);
  await until(() => worker.printed.startsWith('worker: waiting'), worker);
  return worker;
}

/** @throws Error where it ends before it is so */
async function until(isSo: () => boolean, running: RunningCli): Promise<void> {
  let errors: string | undefined;
  running.end.then((ended) => {
    errors = ended.errors;
  });
  while (!isSo()) {
    if (errors !== undefined) throw new Error(`it ended: ${errors}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('three workers, one killed in the middle: every take is made, kept once, and the same as here', async () => {
  const killed = await startWorker();
  const others = [await startWorker(), await startWorker()];
  const baking = scenefoley.start([...bakeArgs('far'), ...teamArgs()], folder);
  await until(() => takesOf(killed.printed).length >= 3, killed);
  killed.kill('SIGKILL');
  const baked = await baking.end;
  expect(baked).toMatchObject({ code: 0 });
  expect(baked.printed).toContain(`${TAKES} takes of 1 sound, ${TAKES} made now`);

  for (const worker of others) worker.kill('SIGTERM');
  const ends = await Promise.all([killed, ...others].map(({ end }) => end));
  expect(ends.map(({ code }) => code)).toEqual([null, 0, 0]);
  // What the killed worker had in hand is told by nobody, or by the one that took it over.
  const told = ends.flatMap(({ printed }) => takesOf(printed));
  expect(new Set(told).size).toBe(told.length);
  expect(told.length).toBeGreaterThanOrEqual(TAKES - 1);

  const files = await readdir(join(folder, 'store'), { recursive: true, withFileTypes: true });
  expect(files.filter((file) => file.isFile())).toHaveLength(TAKES);

  const alone = await scenefoley.start(bakeArgs('here'), folder).end;
  expect(alone.code).toBe(0);
  for (const file of ['sounds.foley', 'manifest.json']) {
    const far = await readFile(join(folder, 'far', file));
    expect(far.equals(await readFile(join(folder, 'here', file)))).toBe(true);
  }
});

test('a bake that needs a store for its queue says so', async () => {
  const { code, errors } = await scenefoley.start([...bakeArgs('no'), '--queue', redis.url], folder)
    .end;
  expect(code).toBe(1);
  expect(errors).toContain('bake: --queue needs --store');
});

test('a worker without Redis ends with one line', async () => {
  const args = ['worker', '--queue', 'redis://127.0.0.1:1', '--store', join(folder, 'store')];
  const { code, errors } = await scenefoley.start([...args, '--model', MODEL], folder).end;
  expect(code).toBe(1);
  expect(linesOf(errors)).toHaveLength(1);
  expect(errors).toContain('no Redis at redis://127.0.0.1:1');
});

test('nothing of a queue or a bucket is loaded before it is asked for', async () => {
  const [{ output: _output, ...input }] = configure({ configOnly: 'bake' });
  const { output } = await (await rollup(input)).generate({});
  const chunks = output.filter((file) => file.type === 'chunk');
  const isTool = (name: string) => /^(bullmq|ioredis|aws4fetch)$/.test(name);
  expect(chunks.flatMap(({ imports }) => imports).filter(isTool)).toEqual([]);
  const asked = chunks.flatMap(({ dynamicImports }) => dynamicImports).filter(isTool);
  expect([...new Set(asked)].sort()).toEqual(['aws4fetch', 'bullmq', 'ioredis']);
});
