import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LoadOptions, RuntimeEvent, SoundRequest, Take } from '../../runtime/contract.ts';
import { AbortError, ModelPackError } from '../../runtime/errors.ts';
import { NEEDED_NOW } from '../../runtime/pace.ts';
import { createRuntimeService } from '../../runtime/service.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';
import { fakePack, textBytes } from './fake-pack.ts';
import { FAKE_URL, servePack } from './serve-pack.ts';

const OPTIONS: LoadOptions = { modelUrl: FAKE_URL, device: 'wasm', numThreads: 1, persist: true };
const { manifest } = fakePack();
const QUIETLY = { progress: false, parts: false };
const REQUEST: SoundRequest = {
  ...manifest.sampling,
  id: 1,
  prompt: 'wooden door slams',
  duration: 0.2,
  seed: 3,
  loop: false,
  priority: 0,
};

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  servePack(fakePack());
});
afterEach(() => vi.unstubAllGlobals());

function open() {
  const engines: FakeEngine[] = [];
  const events: RuntimeEvent[] = [];
  const service = createRuntimeService(async (pack) => {
    engines.push(fakeEngine(pack.manifest));
    return engines.at(-1)!;
  });
  void service.connect('lock', (event) => events.push(event));
  return { service, engines, events };
}

describe('service', () => {
  test('load tells what was loaded, and loads once however often it is called', async () => {
    const asked = servePack(fakePack());
    const { service, engines } = open();
    const [info, again] = await Promise.all([service.load(OPTIONS), service.load(OPTIONS)]);
    expect(again).toBe(info);
    expect(info).toMatchObject({
      model: 'fake',
      licence: 'MIT',
      sampleRate: 32000,
      codebookSize: 64,
      device: 'wasm',
      deviceReason: 'wasm was asked for',
      arithmetic: 'fake',
      numThreads: 1,
      storage: 'indexeddb',
      sampling: manifest.sampling,
      notes: [],
    });
    expect([engines.length, asked.length]).toEqual([1, 4]); // model.json and three files
  });

  test('progress of the download counts to its end, then comes the loading', async () => {
    const { service, events } = open();
    await service.load(OPTIONS);
    const seen = events.flatMap((event) => (event.kind === 'progress' ? [event] : []));
    expect(seen.every(({ of }) => of === 'load')).toBe(true);
    const downloads = seen.filter(({ progress }) => progress.stage === 'download');
    expect(downloads.at(-1)!.progress.done).toBe(downloads.at(-1)!.progress.total);
    expect(seen.at(-1)!.progress).toMatchObject({ stage: 'load', done: 1, total: 1 });
  });

  test('auto where there is no WebGPU: the CPU, and why', async () => {
    const { service } = open();
    const info = await service.load({ ...OPTIONS, device: 'auto' });
    expect(info.device).toBe('wasm');
    expect(info.deviceReason).toBe('auto: no WebGPU here (the browser has none)');
  });

  test('auto with WebGPU: both engines are made, the slower one is disposed', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => ({}) } });
    let clock = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
    const engines: FakeEngine[] = [];
    const service = createRuntimeService(async (pack, { device }) => {
      const engine = Object.assign(fakeEngine(pack.manifest, device), { device });
      engine.before = () => {
        clock += device === 'wasm' ? 2 : 1;
      };
      engines.push(engine);
      return engine;
    });
    const info = await service.load({ ...OPTIONS, device: 'auto' });
    expect([info.device, info.arithmetic]).toEqual(['webgpu', 'webgpu']);
    now.mockRestore();
    expect(info.deviceReason).toMatch(/^auto: chose webgpu: a step takes 2\.00 ms on the CPU/);
    expect(engines.map(({ disposed }) => disposed)).toEqual([true, false]);
  });

  test('no storage and too many threads are notes, not errors', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const { service, events } = open();
    const info = await service.load({ ...OPTIONS, numThreads: 4 });
    expect(info).toMatchObject({ storage: 'memory', numThreads: 1 });
    expect(info.notes.length).toBe(2);
    expect(info.notes.join()).toMatch(
      /4 threads were asked for, but the kernels use one.*memory only/,
    );
    expect(events.filter(({ kind }) => kind === 'log').length).toBe(2);
  });

  test('more threads for onnxruntime in a page that is not isolated: a note', async () => {
    const pack = fakePack();
    const { 'engine.safetensors': _, 'decoder.safetensors': __, ...files } = pack.manifest.files;
    pack.files.set('model.json', textBytes(JSON.stringify({ ...pack.manifest, files })));
    servePack(pack);
    const info = await open().service.load({ ...OPTIONS, numThreads: 4 });
    expect(info.numThreads).toBe(1);
    expect(info.notes.join()).toMatch(/the page is not cross-origin isolated, so there is one/);
    vi.stubGlobal('crossOriginIsolated', true);
    expect((await open().service.load({ ...OPTIONS, numThreads: 4 })).numThreads).toBe(4);
  });

  test('a model that cannot be read: ModelPackError, no engine made', async () => {
    servePack({ ...fakePack(), files: new Map() });
    const { service, engines } = open();
    await expect(service.load(OPTIONS)).rejects.toThrow(ModelPackError);
    await expect(service.load(OPTIONS)).rejects.toThrow('found HTTP 404');
    expect(engines).toEqual([]);
  });

  test('generate before load says so', async () => {
    await expect(open().service.generate(REQUEST, QUIETLY)).rejects.toThrow('Call load() first');
  });

  test('progress is sent for those who want it, under their id', async () => {
    const { service, events } = open();
    await service.load(OPTIONS);
    events.length = 0;
    await service.generate(REQUEST, QUIETLY);
    expect(events).toEqual([]);
    await service.generate({ ...REQUEST, id: 2, seed: 4 }, { progress: true, parts: false });
    expect(events.length).toBeGreaterThan(10);
    expect(events.every((event) => event.kind === 'progress' && event.of === 2)).toBe(true);
  });

  test('parts are sent for those who want them, under their id, before the take', async () => {
    const { service, events } = open();
    await service.load(OPTIONS);
    events.length = 0;
    const take = await service.generate({ ...REQUEST, duration: 1 }, { ...QUIETLY, parts: true });
    const parts = events.flatMap((event) => (event.kind === 'part' ? [event] : []));
    expect(events.length).toBe(parts.length);
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.pop()).toMatchObject({ of: 1, part: null });
    expect(parts.every(({ of, part }) => of === 1 && part?.sampleRate === 32000)).toBe(true);
    const samples = parts.reduce((sum, { part }) => sum + part!.pcm.length, 0);
    expect(Math.abs(samples - take.pcm.length)).toBeLessThan(640);
    events.length = 0;
    await service.generate({ ...REQUEST, id: 2, loop: true }, { ...QUIETLY, parts: true });
    expect(events).toEqual([{ kind: 'part', of: 2, part: null }]);
  });

  test('parts for later are kept until the request is hastened, then told, what there is as one', async () => {
    const told = async (hastenAt: number) => {
      vi.stubGlobal('indexedDB', new IDBFactory());
      const { service, engines, events } = open();
      await service.load(OPTIONS);
      events.length = 0;
      engines[0]!.before = (step) => {
        if (step === hastenAt) expect(service.hasten(1, 0, true)).toBe(true);
      };
      const request = { ...REQUEST, duration: 1 };
      await service.generate(request, { ...QUIETLY, parts: hastenAt < 0 || 'later' });
      return events.map((event) => (event.kind === 'part' ? (event.part?.pcm ?? null) : event));
    };
    const all = await told(-1);
    const late = await told(30);
    expect(all.length).toBeGreaterThan(5);
    expect(late.length).toBeLessThan(all.length);
    expect(late.slice(1)).toEqual(all.slice(1 - late.length));
    expect([late, all].map(samplesOf)).toEqual([samplesOf(all), samplesOf(all)]);
    expect(await told(1e9)).toEqual([]);
    expect(open().service.hasten(1, 0, true)).toBe(false);
  });

  test('a request that is hastened overtakes those it waits behind', async () => {
    const { service } = open();
    await service.load(OPTIONS);
    const seeds: number[] = [];
    const ask = (id: number, priority: number) =>
      service
        .generate({ ...REQUEST, id, seed: id, priority }, { ...QUIETLY, parts: 'later' })
        .then(({ seed }) => seeds.push(seed));
    const all = [ask(1, 0), ask(2, 0), ask(3, -1000)];
    service.hasten(3, 1, false);
    await Promise.all(all);
    expect(seeds).toEqual([3, 1, 2]);
  });

  test('requests run one after the other; a running and a waiting one can be cancelled', async () => {
    const { service, engines } = open();
    await service.load(OPTIONS);
    engines[0]!.before = (what) => {
      if (what === 2) service.cancel(1);
    };
    const running = service.generate(REQUEST, QUIETLY);
    const waiting = service.generate({ ...REQUEST, id: 2, seed: 4 }, QUIETLY);
    const last = service.generate({ ...REQUEST, id: 3, seed: 5 }, QUIETLY);
    service.cancel(2);
    await expect(waiting).rejects.toThrow(AbortError);
    await expect(running).rejects.toThrow(AbortError);
    expect((await last).seed).toBe(5);
    expect(engines[0]!.encoded.length).toBe(2);
  });

  describe('a more urgent request', () => {
    /** A request that is paused at its tenth step, and the urgent one that does it. */
    async function pausedPair() {
      const { service, engines } = open();
      await service.load(OPTIONS);
      const ended: number[] = [];
      const watch = (generating: Promise<Take>) => {
        generating.then(
          ({ id }) => ended.push(id),
          () => {},
        );
        return generating;
      };
      const low = watch(service.generate(REQUEST, QUIETLY));
      const engine = engines[0]!;
      const { high } = await new Promise<{ high: Promise<Take> }>((resolve) => {
        engine.before = (step) => {
          if (step !== 10) return;
          engine.before = () => {};
          const urgent = { ...REQUEST, id: 2, seed: 4, priority: 1 };
          resolve({ high: watch(service.generate(urgent, QUIETLY)) });
        };
      });
      return { service, engine, low, high, ended };
    }

    test('ends first; the paused one goes on and gives the codes of an undisturbed one', async () => {
      const { engine, low, high, ended } = await pausedPair();
      const takes = await Promise.all([low, high]);
      expect(ended).toEqual([2, 1]);
      expect(engine.fed.length).toBe(2 * takes[0].timings.steps);
      for (const { seed, codes, pcm } of takes) {
        const { service } = open();
        vi.stubGlobal('indexedDB', new IDBFactory());
        await service.load(OPTIONS);
        const alone = await service.generate({ ...REQUEST, seed }, QUIETLY);
        expect([alone.source, alone.codes, alone.pcm]).toEqual(['generated', codes, pcm]);
      }
    });

    test('a paused one is cancelled at once; nothing else is disturbed', async () => {
      const { service, engine, low, high, ended } = await pausedPair();
      engine.before = (step) => {
        if (step === 3) service.cancel(1);
      };
      await expect(low).rejects.toThrow(AbortError);
      expect(ended).toEqual([]);
      const { timings } = await high;
      expect(engine.fed.length).toBe(11 + timings.steps);
    });

    test('that fails does not disturb the paused one', async () => {
      const { engine, low, high } = await pausedPair();
      engine.before = (what) => {
        if (what === 5) throw new TypeError('broken');
      };
      await expect(high).rejects.toThrow('broken');
      engine.before = () => {};
      expect((await low).source).toBe('generated');
    });
  });

  describe('at a slower pace', () => {
    /** A generation that rests, and goes on only when something ends its rest: no timer runs out here. */
    async function resting() {
      const { service, engines } = open();
      await service.load(OPTIONS);
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      service.setPace('hidden');
      const generating = service.generate(REQUEST, QUIETLY);
      generating.catch(() => {});
      await untilResting();
      return { service, engine: engines[0]!, generating };
    }

    async function untilResting() {
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    }

    afterEach(() => void vi.useRealTimers());

    test('a sound is the same, only later', async () => {
      const { service, engine, generating } = await resting();
      let rests = 0;
      for (let isDone = false; !isDone; rests++) {
        vi.runAllTimers();
        isDone = await Promise.race([
          generating.then(() => true),
          untilResting().then(() => false),
        ]);
      }
      const { codes, timings } = await generating;
      expect(rests).toBe(timings.steps);
      service.setPace('full');
      await service.clearCache();
      const again = await service.generate(REQUEST, QUIETLY);
      expect([again.source, again.codes]).toEqual(['generated', codes]);
      expect(engine.fed.length).toBe(2 * timings.steps);
    });

    test('what is needed now does not rest while the pace is eased', async () => {
      const { service } = open();
      await service.load(OPTIONS);
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      service.setPace('eased');
      const urgent = service.generate({ ...REQUEST, priority: NEEDED_NOW }, QUIETLY);
      expect((await urgent).source).toBe('generated');
      const streamed = service.generate({ ...REQUEST, seed: 4 }, { ...QUIETLY, parts: true });
      expect((await streamed).source).toBe('generated');
      void service.generate({ ...REQUEST, seed: 5, priority: NEEDED_NOW - 1e-9 }, QUIETLY);
      await untilResting();
    });

    test('nor does what has become needed meanwhile', async () => {
      const { service, generating } = await resting();
      service.setPace('eased');
      service.hasten(REQUEST.id, NEEDED_NOW, false);
      expect((await generating).source).toBe('generated');
    });

    test('a cancelled request does not rest to the end', async () => {
      const { service, generating } = await resting();
      service.cancel(REQUEST.id);
      await expect(generating).rejects.toThrow(AbortError);
    });

    test('a more urgent request does not wait for the rest of another', async () => {
      const { service, engine } = await resting();
      void service.generate({ ...REQUEST, id: 2, seed: 4, priority: 1 }, QUIETLY);
      await untilResting();
      expect(engine.encoded.length).toBe(2);
    });

    test('back at full pace it goes on at once', async () => {
      const { service, generating } = await resting();
      service.setPace('full');
      expect((await generating).source).toBe('generated');
    });
  });

  test('a new service finds the codes of the old one in IndexedDB, until they are cleared', async () => {
    const first = open();
    await first.service.load(OPTIONS);
    const take = await first.service.generate(REQUEST, QUIETLY);
    const second = open();
    await second.service.load(OPTIONS);
    const again = await second.service.generate(REQUEST, QUIETLY);
    expect([again.source, again.codes]).toEqual(['indexeddb', take.codes]);

    await open().service.clearCache(); // without a model
    const third = open();
    await third.service.load(OPTIONS);
    expect((await third.service.generate(REQUEST, QUIETLY)).source).toBe('generated');
    await third.service.clearCache();
    expect((await third.service.generate(REQUEST, QUIETLY)).source).toBe('generated');
  });
});

function samplesOf(parts: unknown[]): number[] {
  return parts.flatMap((pcm) => (pcm instanceof Float32Array ? [...pcm] : []));
}
