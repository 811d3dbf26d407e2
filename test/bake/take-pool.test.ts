import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TakeJob, TakeRecord } from '../../bake/contract.ts';
import type { EncodeOrder } from '../../bake/take-encoder.ts';
import { createTakePool } from '../../bake/take-pool.ts';
import { ModelPackError } from '../../runtime/errors.ts';
import { job, record } from './records.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenefoley-pool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const JOBS = Array.from({ length: 6 }, (_, seed) => job({ seed }));

/** A thread that answers with the job alone. @param before what it does first; `mark()` is true once in a folder */
function thread(before: string): URL {
  const code = `
    import { writeFileSync } from 'node:fs';
    import { parentPort, threadId, workerData } from 'node:worker_threads';
    const mark = (name) => {
      try {
        writeFileSync(workerData.model + '/' + name, '', { flag: 'wx' });
        return true;
      } catch {
        return false;
      }
    };
    mark('thread-' + threadId);
    parentPort.on('message', ({ kind, asked }) => {
      const job = asked.take ?? asked;
      ${before}
      parentPort.postMessage({ kind: 'done', answer: kind === 'make' ? { job } : [] });
    });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

async function run(before: string, workers = 2, signal?: AbortSignal, onRecord = async () => {}) {
  const warnings: string[] = [];
  const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
  const options = { workers, logger, threadUrl: thread(before) };
  const pool = createTakePool({ model: folder, gate: null }, options);
  const made: TakeJob[] = [];
  const keep = async ({ job: one }: TakeRecord) => {
    made.push(one);
    await onRecord();
  };
  const end = pool.makeAll(JOBS, keep, signal).finally(() => pool.dispose());
  return { end, made, warnings };
}

const seedsOf = (jobs: TakeJob[]) => jobs.map(({ spec }) => spec.seed).sort();
const DIES = "if (job.spec.seed === 3 && mark('died')) process.exit(7);";

describe('a pool of threads', () => {
  test('makes every job once, with as many threads as are asked for', async () => {
    for (const workers of [1, 2, 16]) {
      const { end, made } = await run('', workers);
      await end;
      expect(seedsOf(made)).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  test('a thread that dies is replaced, and its job made by another', async () => {
    const { end, made, warnings } = await run(DIES);
    await end;
    expect(seedsOf(made)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(warnings.join()).toContain('a worker thread died');
    expect(existsSync(join(folder, 'died'))).toBe(true);
  });

  test('so is one that throws', async () => {
    const { end, made } = await run(DIES.replace('process.exit(7)', "throw new Error('oh')"));
    await end;
    expect(seedsOf(made)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a thread that dies while it is idle is not asked again', async () => {
    const { end, made } = await run("if (mark('first')) setImmediate(() => process.exit(0));", 1);
    await end;
    expect(seedsOf(made)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a job that kills two threads ends it, by name', async () => {
    const { end } = await run('if (job.spec.seed === 3) process.exit(7);', 1);
    await expect(end).rejects.toThrow(
      /two worker threads died of 'a door' \(sound 'door', seed 3\)/,
    );
  });

  test('what several threads say is heard once', async () => {
    const says = "parentPort.postMessage({ kind: 'log', level: 'warn', message: 'no judge' });";
    const { end, warnings } = await run(says);
    await end;
    expect(warnings).toEqual(['no judge']);
  });

  test('what a take fails of ends it, with its own error', async () => {
    const error = "{ name: 'ModelPackError', message: 'cut short' }";
    const { end } = await run(`parentPort.postMessage({ kind: 'failed', error: ${error} });`);
    await expect(end).rejects.toThrow(ModelPackError);
    await expect(end).rejects.toThrow('cut short');
  });

  test('so does what the store fails of', async () => {
    const { end } = await run('', 2, undefined, () => Promise.reject(new Error('disk full')));
    await expect(end).rejects.toThrow('disk full');
  });

  test('where a record fails, another that is just being kept is waited for', async () => {
    const pool = createTakePool(
      { model: folder, gate: null },
      { workers: 2, threadUrl: thread('') },
    );
    let begun = 0;
    let hasKept = false;
    let secondBegins = () => {};
    const second = new Promise<void>((resolve) => {
      secondBegins = resolve;
    });
    const end = pool.makeAll(JOBS, async () => {
      begun += 1;
      if (begun === 1) return second.then(() => Promise.reject(new Error('disk full')));
      secondBegins();
      await pool.dispose(); // a slow disk: the threads have ended before
      await setImmediate();
      hasKept = true;
    });
    await expect(end).rejects.toThrow('disk full');
    expect([begun, hasKept]).toEqual([2, true]);
  });

  test('a record that fails does not wait for takes that are being made', async () => {
    const busy = 'if (job.spec.seed > 0) return;';
    const { end } = await run(busy, 2, undefined, () => Promise.reject(new Error('disk full')));
    await expect(end).rejects.toThrow('disk full');
  });

  test('aborted while all threads are busy, it ends at once', async () => {
    const stop = new AbortController();
    const busy = 'if (job.spec.seed > 1) return;';
    const { end, made, warnings } = await run(busy, 2, stop.signal, async () => {
      if (made.length === 2) stop.abort();
    });
    await expect(end).rejects.toMatchObject({ name: 'AbortError' });
    expect(seedsOf(made)).toEqual([0, 1]);
    const threads = readdirSync(folder).length;
    expect([threads <= 2, warnings]).toEqual([true, []]); // none is begun in place of a stopped one
  });

  test('disposed while a record is kept, it begins no thread for the next job', async () => {
    const pool = createTakePool(
      { model: folder, gate: null },
      { workers: 1, threadUrl: thread('') },
    );
    const end = pool.makeAll(JOBS, () => pool.dispose());
    await expect(end).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('after one error it makes others', async () => {
    const threadUrl = thread("if (job.spec.seed === 3 && mark('died')) process.exit(7);");
    const pool = createTakePool({ model: folder, gate: null }, { workers: 2, threadUrl });
    await expect(pool.makeAll(JOBS, () => Promise.reject(new Error('full')))).rejects.toThrow();
    const made: TakeJob[] = [];
    await pool.makeAll(JOBS, async ({ job: one }) => void made.push(one));
    expect(seedsOf(made)).toEqual([0, 1, 2, 3, 4, 5]);
    await pool.dispose();
  });

  test('twelve threads listen to one signal, and Node warns of no leak', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    const pool = createTakePool(
      { model: folder, gate: null },
      { workers: 12, threadUrl: thread('') },
    );
    const twelve = Array.from({ length: 12 }, (_, seed) => job({ seed }));
    await pool.makeAll(twelve, async () => {}, new AbortController().signal);
    const { signal } = new AbortController();
    const orders = twelve.map((one) => ({ take: record(one).take, formats: ['wav' as const] }));
    await Promise.all(orders.map((order) => pool.encode(order, signal)));
    await pool.dispose();
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });

  test('aborted before, it begins nothing', async () => {
    const { end, made } = await run('', 2, AbortSignal.abort());
    await expect(end).rejects.toMatchObject({ name: 'AbortError' });
    expect(made).toEqual([]);
  });
});

describe('encoding by a pool of threads', () => {
  const order = (seed: number): EncodeOrder => ({
    take: record(job({ seed })).take,
    formats: ['wav'],
  });
  const orders = [0, 1, 2, 3, 4, 5].map(order);
  const poolOf = (before: string) =>
    createTakePool({ model: folder, gate: null }, { workers: 2, threadUrl: thread(before) });

  test('begins threads as they are needed, and keeps those that made', async () => {
    const pool = poolOf('');
    await pool.makeAll(JOBS, async () => {});
    const begun = readdirSync(folder).length;
    for (const one of orders) expect(await pool.encode(one)).toEqual([]);
    expect(readdirSync(folder).length).toBe(begun);
    await pool.dispose();
  });

  test('a thread that dies is replaced; a take that kills two is named', async () => {
    const pool = poolOf(DIES);
    expect(await Promise.all(orders.map((one) => pool.encode(one)))).toEqual(orders.map(() => []));
    expect(existsSync(join(folder, 'died'))).toBe(true);
    await pool.dispose();
    const deadly = poolOf('process.exit(7);');
    const end = deadly.encode(order(3));
    await expect(end).rejects.toThrow(
      /two worker threads died of 'a door' \(sound 'door', seed 3\)/,
    );
    await deadly.dispose();
  });

  test('what the encoder fails of in a thread comes out as it said it', async () => {
    const message =
      "take-encoder: 'a door' (sound 'door', seed 3) cannot be made opus: out of memory.";
    const error = JSON.stringify({ name: 'Error', message });
    const pool = poolOf(`parentPort.postMessage({ kind: 'failed', error: ${error} });`);
    await expect(pool.encode(order(3))).rejects.toThrow(message);
    await pool.dispose();
  });

  test('aborted or disposed in the midst it ends at once', async () => {
    const stop = new AbortController();
    const pool = poolOf('return;'); // for ever busy
    const aborted = pool.encode(order(0), stop.signal);
    const left = pool.encode(order(1));
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    const over = expect(left).rejects.toThrow();
    await pool.dispose();
    await over;
    await expect(pool.encode(order(2))).rejects.toMatchObject({ name: 'AbortError' });
  });
});
