/** The whole runtime in Chromium: a real worker, onnxruntime-web, IndexedDB, Web Locks. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createRuntimeClient,
  type GenerateOptions,
  type RuntimeClient,
  type RuntimeClientOptions,
} from '../../runtime/client.ts';
import type { Progress, SoundRequestInput, Take } from '../../runtime/contract.ts';
import { AbortError, ModelPackError, WorkerLostError } from '../../runtime/errors.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

const REQUEST = { prompt: 'heavy wooden door slams', duration: 0.2, seed: 3 };
const LONG = { ...REQUEST, duration: 10 };

const workers: Worker[] = [];
const clients: RuntimeClient[] = [];

function open(changes: Partial<RuntimeClientOptions> = {}): RuntimeClient {
  const client = createRuntimeClient({ modelUrl: `/${TINY_PACK}`, ...changes });
  clients.push(client);
  return client;
}

/** A client whose workers the test can kill. */
function openMortal(): RuntimeClient {
  const workerFactory = () => {
    const worker = new Worker(new URL('../../runtime/worker.ts', import.meta.url), {
      type: 'module',
    });
    workers.push(worker);
    return worker;
  };
  return open({ workerFactory });
}

/** Calls `then` once, when the language model has run that many steps. */
function atStep(step: number, then: () => void) {
  return ({ stage, done }: Progress) => {
    if (stage === 'tokens' && done === step) then();
  };
}

beforeEach(() => open().clearCache());
afterEach(async () => {
  workers.length = 0;
  for (const client of clients.splice(0)) await client.dispose();
});

describe('runtime in Chromium', () => {
  test('words in, PCM out, through a worker', async () => {
    const client = open();
    const info = await client.load();
    expect(info).toMatchObject({ model: 'tiny-pack', device: 'wasm', storage: 'indexeddb' });
    const take = await client.generate(REQUEST);
    expect(take.source).toBe('generated');
    expect(take.codes.length).toBe(4 * 10);
    expect(take.pcm).toBeInstanceOf(Float32Array);
    expect(take.pcm.some((sample) => Math.abs(sample) > 0.001)).toBe(true);
    expect(take.pcm.every((sample) => Math.abs(sample) <= 1)).toBe(true);
  });

  test('same request twice: same codes, the second from memory; after a reload from IndexedDB', async () => {
    const client = open();
    const first = await client.generate(REQUEST);
    const second = await client.generate(REQUEST);
    expect([second.source, second.codes]).toEqual(['memory', first.codes]);
    await client.dispose();
    const third = await open().generate(REQUEST);
    expect([third.source, third.codes, third.pcm]).toEqual(['indexeddb', first.codes, first.pcm]);
  });

  test('cancelled in mid-generation: AbortError, the worker stops and takes the next request', async () => {
    const client = open();
    const control = new AbortController();
    const onProgress = atStep(3, () => control.abort());
    const generating = client.generate(LONG, { signal: control.signal, onProgress });
    await expect(generating).rejects.toBeInstanceOf(AbortError);
    expect((await client.generate(REQUEST)).source).toBe('generated');
    expect((await client.generate({ ...LONG, duration: 0.3 })).source).toBe('generated');
  });

  test('a more urgent request goes first; the paused one goes on and gives the codes of an undisturbed one', async () => {
    const client = open();
    const ended: (number | undefined)[] = [];
    const generate = async (request: SoundRequestInput, options: GenerateOptions = {}) => {
      const take = await client.generate(request, options);
      ended.push(request.seed);
      return take;
    };
    let urgent: Promise<Take> | undefined;
    const onProgress = atStep(3, () => {
      urgent ??= generate({ ...REQUEST, seed: 4, priority: 1 });
      client.setPace('full');
    });
    client.setPace('hidden'); // slow enough for this thread to interfere
    // Two long ones: however late this thread hears of step 3, the worker is in the middle of one of them.
    const longs = [LONG, { ...LONG, seed: 6 }];
    const takes = await Promise.all(longs.map((request) => generate(request, { onProgress })));
    await urgent;
    expect(ended.indexOf(4)).toBeLessThan(ended.indexOf(6));
    await client.clearCache();
    for (const [i, request] of longs.entries()) {
      const alone = await client.generate(request);
      expect([alone.source, alone.codes]).toEqual(['generated', takes[i]!.codes]);
    }
  });

  test('worker killed in mid-generation: WorkerLostError, the next call starts another, old codes are there', async () => {
    const client = openMortal();
    const kept = await client.generate(REQUEST);
    // Four long ones: however late this thread hears of step 3, the worker is in the middle of one of them.
    const onProgress = atStep(3, () => workers[0]!.terminate());
    const generating = [4, 6, 7, 8].map((seed) =>
      client.generate({ ...LONG, seed }, { onProgress }),
    );
    const results = await Promise.allSettled(generating);
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(lost.length).toBeGreaterThan(0);
    for (const error of lost) expect(error).toBeInstanceOf(WorkerLostError);
    const again = await client.generate(REQUEST);
    expect([again.source, again.codes]).toEqual(['indexeddb', kept.codes]);
    expect((await client.generate({ ...REQUEST, seed: 5 })).source).toBe('generated');
    expect(workers.length).toBe(2);
  });

  test('a worker killed while it is idle is noticed: the next call starts another', async () => {
    const client = openMortal();
    await client.load();
    workers[0]!.terminate();
    // The browser tells through the lock; a call that comes sooner is rejected by the same news.
    const result = await client.generate(REQUEST).catch((error: Error) => error);
    if (result instanceof Error) expect(result).toBeInstanceOf(WorkerLostError);
    expect((await client.generate(REQUEST)).codes.length).toBe(40);
    expect(workers.length).toBe(2);
  });

  test('a worker whose script is missing: WorkerLostError', async () => {
    const url = new URL('./no-such-worker.js', import.meta.url);
    const client = open({ workerFactory: () => new Worker(url, { type: 'module' }) });
    await expect(client.load()).rejects.toBeInstanceOf(WorkerLostError);
  });

  test('a model that is not there: ModelPackError that names the file', async () => {
    const client = open({ modelUrl: '/models/nowhere/' });
    const loading = client.load();
    await expect(loading).rejects.toBeInstanceOf(ModelPackError);
    await expect(loading).rejects.toThrow('/models/nowhere/model.json');
  });

  test('dispose in mid-generation: AbortError', async () => {
    const client = open();
    const generating = client.generate(LONG, {
      onProgress: atStep(2, () => void client.dispose()),
    });
    await expect(generating).rejects.toBeInstanceOf(AbortError);
  });

  test('without persistence nothing is found after a reload', async () => {
    const client = open({ persist: false });
    await client.generate(REQUEST);
    expect((await client.generate(REQUEST)).source).toBe('memory');
    await client.dispose();
    expect((await open().generate(REQUEST)).source).toBe('generated');
  });

  test('the download size is the sum of the files that the kernels need', async () => {
    const { files } = await (await fetch(`/${TINY_PACK}/model.json`)).json();
    const needed = ['tokenizer.json', 'engine.safetensors', 'decoder.safetensors'];
    const sum = needed.reduce((total, file) => total + files[file].bytes, 0);
    expect(await open().downloadSize()).toBe(sum);
  });
});
