import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createRuntimeClient,
  type RuntimeClient,
  type RuntimeClientOptions,
  type SoundStream,
} from '../../runtime/client.ts';
import type { Progress, SoundPart } from '../../runtime/contract.ts';
import {
  AbortError,
  ModelPackError,
  QueueFullError,
  WorkerLostError,
} from '../../runtime/errors.ts';
import { packSize } from '../../runtime/model-pack.ts';
import { fakePack } from './fake-pack.ts';
import { type FakeWorkers, fakeWorkers } from './fake-worker.ts';
import { FAKE_URL, servePack } from './serve-pack.ts';

const REQUEST = { prompt: 'wooden door slams', duration: 0.2, seed: 3 };
const LONG = { ...REQUEST, duration: 10 };

let fakes: FakeWorkers;
const disposals: (() => Promise<void>)[] = [];
beforeEach(() => {
  fakes = fakeWorkers();
  vi.stubGlobal('indexedDB', new IDBFactory());
  servePack(fakePack());
});
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
  vi.unstubAllGlobals();
});

function open(changes: Partial<RuntimeClientOptions> = {}) {
  const client = createRuntimeClient({
    modelUrl: FAKE_URL,
    workerFactory: fakes.create,
    ...changes,
  });
  disposals.push(client.dispose);
  return client;
}

describe('runtime client', () => {
  test('no worker before it is needed, one for all calls, the model loaded once', async () => {
    const asked = servePack(fakePack());
    const client = open();
    expect(fakes.workers.length).toBe(0);
    const [take, other, info] = await Promise.all([
      client.generate(REQUEST),
      client.generate({ ...REQUEST, seed: 4 }),
      client.load(),
    ]);
    expect(take.codes).not.toEqual(other.codes);
    expect(info.model).toBe('fake');
    expect([fakes.workers.length, asked.length]).toEqual([1, 4]);
  });

  test("a request's gaps are filled from the model, undefined means default", async () => {
    const client = open();
    const take = await client.generate({ ...REQUEST, topK: undefined });
    const { guidanceScale, temperature, topK, topP } = fakePack().manifest.sampling;
    const spelled = { guidanceScale, temperature, topK, topP, loop: false, priority: 3 };
    const again = await client.generate({ ...REQUEST, ...spelled });
    expect(again.soundKey).toBe(take.soundKey);
    expect(again.source).toBe('memory');
  });

  test('a bad request is a RangeError and starts no worker', async () => {
    const client = open();
    await expect(client.generate({ prompt: '' })).rejects.toThrow(RangeError);
    await expect(client.generate({ prompt: 'rain', seed: Number.NaN })).rejects.toThrow('seed');
    expect(fakes.workers.length).toBe(0);
    const beyond = client.generate({ prompt: 'rain', topK: 65 }); // only the model knows
    await expect(beyond).rejects.toThrow('topK must be a whole number from 0 to 64, got 65');
    await expect(beyond).rejects.toBeInstanceOf(RangeError);
  });

  test('the caller may change its request object at once', async () => {
    const input = { ...REQUEST };
    const generating = open().generate(input);
    input.seed = 99;
    expect((await generating).seed).toBe(3);
  });

  test('progress: download, then steps; a throwing listener costs a warning, not the sound', async () => {
    const seen: Progress[] = [];
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const client = open({ logger });
    await client.generate(REQUEST, { onProgress: (progress) => seen.push(progress) });
    // The last events may come after the take, which says that all is done.
    const stages = ['download', 'load', 'text', 'tokens'];
    expect(seen.map(({ stage }) => stage)).toEqual(expect.arrayContaining(stages));
    const onProgress = () => {
      throw new Error('oops');
    };
    await client.generate({ ...REQUEST, seed: 4 }, { onProgress });
    expect(warnings[0]).toBe('client: onProgress threw oops. Mend the listener.');
  });

  test('aborted before, while loading, while generating: AbortError, the client lives on', async () => {
    const client = open();
    const before = client.generate(REQUEST, { signal: AbortSignal.abort() });
    await expect(before).rejects.toThrow(AbortError);
    expect(fakes.workers.length).toBe(0);

    const control = new AbortController();
    const loading = client.generate(REQUEST, { signal: control.signal });
    control.abort();
    await expect(loading).rejects.toThrow(AbortError);

    const late = new AbortController();
    const onProgress = ({ stage, done }: Progress) => {
      if (stage === 'tokens' && done === 2) late.abort();
    };
    const generating = client.generate(LONG, { signal: late.signal, onProgress });
    await expect(generating).rejects.toThrow(AbortError);
    expect((await client.generate(REQUEST)).source).toBe('generated');
    expect(fakes.engines[0]!.fed.length).toBeLessThan(500); // the long one was stopped in the worker too
    expect(fakes.workers.length).toBe(1);
  });

  test('worker crashes in mid-generation: pending calls reject, the next starts a new one with the old codes', async () => {
    const client = open();
    const kept = await client.generate(REQUEST);
    fakes.engines[0]!.before = (what) => {
      if (what === 3) fakes.workers[0]!.crash('out of memory');
    };
    const lost = [
      client.generate({ ...REQUEST, seed: 4 }),
      client.generate({ ...REQUEST, seed: 5 }),
    ];
    for (const call of lost) await expect(call).rejects.toThrow(WorkerLostError);
    await expect(lost[0]).rejects.toThrow('the worker is gone: out of memory');
    expect(fakes.workers[0]!.terminated).toBe(true);

    const again = await client.generate(REQUEST);
    expect([again.source, again.codes]).toEqual(['indexeddb', kept.codes]);
    expect((await client.generate({ ...REQUEST, seed: 4 })).source).toBe('generated');
    expect(fakes.workers.length).toBe(2);
  });

  describe('pace', () => {
    test('starts no worker; each is told when it starts, also the one after a lost one', async () => {
      const client = open();
      client.setPace('slow');
      expect(fakes.workers.length).toBe(0);
      await client.load();
      client.setPace('hidden');
      await client.generate(REQUEST);
      expect(fakes.workers[0]!.paces).toEqual(['slow', 'hidden']);
      fakes.workers[0]!.crash('out of memory');
      await client.generate(REQUEST);
      expect(fakes.workers[1]!.paces).toEqual(['hidden']);
    });

    test('the same pace again is no message, full pace none for a new worker', async () => {
      const client = open();
      for (const pace of ['slow', 'full', 'full'] as const) client.setPace(pace);
      await client.load();
      for (const pace of ['full', 'eased', 'eased', 'full'] as const) client.setPace(pace);
      await client.generate(REQUEST);
      expect(fakes.workers[0]!.paces).toEqual(['eased', 'full']);
    });

    test('may be set after dispose, to no effect', async () => {
      const client = open();
      await client.load();
      await client.dispose();
      client.setPace('slow');
      expect(fakes.workers[0]!.paces).toEqual([]);
    });
  });

  test('busy from the first call to the last answer, also when nobody waits for it any more', async () => {
    const client = open();
    expect(client.busy).toBe(false);
    const loading = client.load();
    expect(client.busy).toBe(true);
    await loading;
    await vi.waitFor(() => expect(client.busy).toBe(false));
    const control = new AbortController();
    const generating = client.generate(LONG, { signal: control.signal });
    await vi.waitFor(() => expect(client.busy).toBe(true), { interval: 1 }); // before it is over
    control.abort();
    await expect(generating).rejects.toThrow(AbortError);
    expect(client.busy).toBe(true);
    await vi.waitFor(() => expect(client.busy).toBe(false));
    await client.dispose();
    expect(client.busy).toBe(false);
  });

  describe('while one request is paused for another', () => {
    /** Calls `then` when the urgent request has begun, which is when the other one is paused. */
    async function pausedPair(then: (client: RuntimeClient) => void) {
      const client = open();
      await client.load();
      let begun = 0;
      fakes.engines[0]!.before = (what) => {
        if (what === 0 && ++begun === 2) then(client);
      };
      const low = client.generate(LONG);
      const high = client.generate({ ...REQUEST, seed: 4, priority: 1 });
      return { client, calls: [low, high] };
    }

    test('worker lost: both reject with WorkerLostError, and both can be asked for again', async () => {
      const { client, calls } = await pausedPair(() => fakes.workers[0]!.crash('out of memory'));
      for (const call of calls) await expect(call).rejects.toThrow(WorkerLostError);
      const again = await Promise.all([client.generate(LONG), client.generate(REQUEST)]);
      expect(again.map(({ source }) => source)).toEqual(['generated', 'generated']);
      expect(fakes.workers.length).toBe(2);
    });

    test('dispose: both reject with AbortError', async () => {
      const { calls } = await pausedPair((client) => void client.dispose());
      for (const call of calls) await expect(call).rejects.toThrow('the runtime was disposed');
    });
  });

  test('a model that cannot be loaded: ModelPackError, its worker ends, the next call tries again', async () => {
    servePack({ ...fakePack(), files: new Map() });
    const client = open();
    const failing = client.generate(REQUEST);
    await expect(failing).rejects.toThrow('found HTTP 404');
    await expect(failing).rejects.toBeInstanceOf(ModelPackError);
    expect(fakes.workers[0]!.terminated).toBe(true);
    servePack(fakePack());
    expect((await client.generate(REQUEST)).source).toBe('generated');
  });

  test('an error inside the worker keeps its name and message, the worker goes on', async () => {
    const client = open();
    await client.load();
    fakes.engines[0]!.before = () => {
      throw new TypeError('broken graph');
    };
    await expect(client.generate(REQUEST)).rejects.toMatchObject({
      name: 'TypeError',
      message: 'broken graph',
    });
    fakes.engines[0]!.before = () => {};
    expect((await client.generate(REQUEST)).source).toBe('generated');
  });

  test('dispose in any state: pending calls reject with AbortError, twice is fine, nothing starts any more', async () => {
    const idle = open();
    await idle.dispose();
    await idle.dispose();
    await expect(idle.generate(REQUEST)).rejects.toThrow(AbortError);
    expect(fakes.workers.length).toBe(0);

    const loading = open();
    const calls = [loading.load(), loading.generate(REQUEST), loading.clearCache()];
    await loading.dispose();
    for (const call of calls) await expect(call).rejects.toThrow(AbortError);

    const busy = open();
    await busy.load();
    const generating = busy.generate(LONG);
    const caught = expect(generating).rejects.toThrow('the runtime was disposed');
    await new Promise((resolve) => setImmediate(resolve));
    await busy.dispose();
    await caught;
    expect(fakes.workers.every(({ terminated }) => terminated)).toBe(true);
    await expect(busy.load()).rejects.toThrow(AbortError);
  });

  test('a flood of requests is refused beyond a bound, the rest is served', async () => {
    const client = open();
    const flood = Array.from({ length: 1000 }, () => client.generate(REQUEST));
    const results = await Promise.allSettled(flood);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof QueueFullError)).toBe(true);
    expect(refused.length).toBeGreaterThan(700);
    expect(results.length - refused.length).toBeGreaterThanOrEqual(64);
  });

  test('a stream gives its parts in order, then the take, once more out of the cache', async () => {
    const client = open();
    const long = { ...REQUEST, duration: 1 };
    const parts: SoundPart[] = [];
    const stream = client.stream(long);
    let next = await stream.next();
    for (; !next.done; next = await stream.next()) parts.push(next.value);
    const take = next.value;
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.every(({ sampleRate }) => sampleRate === take.sampleRate)).toBe(true);
    const samples = parts.reduce((sum, { pcm }) => sum + pcm.length, 0);
    expect(Math.abs(samples - take.pcm.length)).toBeLessThan(640);
    expect(take.codes).toEqual((await client.generate(long)).codes);
    const cached: SoundPart[] = [];
    for await (const part of client.stream(long)) cached.push(part);
    expect(cached.every(({ source }) => source === 'memory')).toBe(true);
    expect(cached.reduce((sum, { pcm }) => sum + pcm.length, 0)).toBe(samples);
  });

  test('a quiet stream tells no part until it is hastened, then all of them', async () => {
    const client = open();
    const long = { ...REQUEST, duration: 2 };
    const read = async (stream: SoundStream) => {
      const heard: number[] = [];
      let next = await stream.next();
      for (; !next.done; next = await stream.next()) heard.push(...next.value.pcm);
      return heard;
    };
    const all = await read(client.stream(long));
    expect(all.length).toBeGreaterThan(32000);
    for (const step of [0, 40, 1e9]) {
      await client.clearCache();
      const stream = client.stream(long, { quiet: true });
      fakes.engines.at(-1)!.before = (at) => {
        if (at === step) stream.hasten(3, true);
      };
      expect(await read(stream)).toEqual(step < 1e9 ? all : []);
      stream.hasten(4, true); // too late, which is nothing
    }
    await client.clearCache();
    const soon = client.stream(long, { quiet: true });
    soon.hasten(0, true); // before it was asked for
    expect(await read(soon)).toEqual(all);
  });

  test('a stream that is hastened ends before those that came first', async () => {
    const client = open();
    const ended: number[] = [];
    const ask = (seed: number, priority: number) => {
      const stream = client.stream({ ...REQUEST, seed, priority }, { quiet: true });
      return { stream, over: stream.next().then(() => ended.push(seed)) };
    };
    await client.load();
    const all = [ask(1, 0), ask(2, 0), ask(3, -1000)];
    all[2]!.stream.hasten(1, false);
    await Promise.all(all.map(({ over }) => over));
    expect(ended).toEqual([3, 1, 2]);
  });

  test('a stream that is left early, or aborted, takes its request back', async () => {
    const client = open();
    const long = { ...REQUEST, duration: 10 };
    for await (const part of client.stream(long)) if (part.pcm.length > 0) break;
    const control = new AbortController();
    const stream = client.stream({ ...long, seed: 9 }, { signal: control.signal });
    await stream.next();
    control.abort();
    const rest = async () => {
      while (!(await stream.next()).done);
    };
    await expect(rest()).rejects.toThrow(AbortError);
    expect((await client.generate(REQUEST)).source).toBe('generated');
    expect((await client.generate(long)).source).toBe('generated');
  });

  test('a stream whose worker dies rejects with WorkerLostError', async () => {
    const client = open();
    const stream = client.stream({ ...REQUEST, duration: 10 });
    await stream.next();
    fakes.workers[0]!.crash('out of memory');
    const rest = async () => {
      while (!(await stream.next()).done);
    };
    await expect(rest()).rejects.toThrow(WorkerLostError);
  });

  test('the download size is known without a worker', async () => {
    const asked = servePack(fakePack());
    expect(await open().downloadSize()).toBe(packSize(fakePack().manifest, 'kernels'));
    expect(asked).toEqual([`${FAKE_URL}model.json`]);
    expect(fakes.workers.length).toBe(0);
  });

  test('clearCache forgets', async () => {
    const client = open();
    await client.generate(REQUEST);
    await client.clearCache();
    expect((await client.generate(REQUEST)).source).toBe('generated');
  });
});
