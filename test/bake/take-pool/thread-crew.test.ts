import { afterEach, describe, expect, test } from 'vitest';
import { createThreadCrew, type ThreadCrew } from '../../../bake/take-pool/thread-crew.ts';
import type { ThreadTask } from '../../../bake/take-thread.ts';
import { job, record } from '../records.ts';

const TASK: ThreadTask<'encode'> = {
  kind: 'encode',
  asked: { take: record(job({ seed: 1 })).take, formats: ['wav'] },
};
const TIMES = [1, 2, 3];
/** In it a thread begins, answers and ends. */
const BUSY_MS = 200;

let crew: ThreadCrew;
afterEach(() => crew.stop());

/** @param does what a thread does of each task; `answer` and `fail` answer it, `threadId` tells threads apart */
function begin(does: string): void {
  const code = `
    import { parentPort, threadId } from 'node:worker_threads';
    const answer = (answer) => parentPort.postMessage({ kind: 'done', answer });
    const fail = (message) => parentPort.postMessage({ kind: 'failed', error: { name: 'Error', message } });
    parentPort.on('message', () => { ${does} });`;
  const threadUrl = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  crew = createThreadCrew({ model: '', gate: null }, { threadUrl });
}

/** Hears of nothing for a while: then of a thread's answer and of its end in one turn, its end first. */
function askAndBeBusy(): ReturnType<typeof crew.ask<'encode'>> {
  const asked = crew.ask(TASK);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
  return asked;
}

describe('a crew of threads', () => {
  test('a thread that dies right after its answer is not asked again', async () => {
    begin('answer([]); process.exit(0);');
    for (const _ of TIMES) expect(await askAndBeBusy()).toEqual([]);
  });

  test('nor is one that dies right after its failure', async () => {
    begin("fail('no'); process.exit(0);");
    for (const _ of TIMES) await expect(askAndBeBusy()).rejects.toThrow('no');
  });

  test('a thread that fails of a task is asked again: no other is begun in its place', async () => {
    begin('fail(String(threadId));');
    const idOf = () => crew.ask(TASK).catch(({ message }) => message);
    const first = await idOf();
    expect([await idOf(), await idOf()]).toEqual([first, first]);
  });
});
