import { beforeAll, describe, expect, test } from 'vitest';
import type { Progress, SoundRequest } from '../../runtime/contract.ts';
import type { Engine } from '../../runtime/engine.ts';
import { AbortError, DeviceLostError } from '../../runtime/errors.ts';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { openModelPack } from '../../runtime/model-pack.ts';
import { createPipeline, type PipelineParts, type RawPart } from '../../runtime/pipeline.ts';
import { loadPromptTokenizer, type PromptTokenizer } from '../../runtime/text-encoder.ts';
import { createTokenCache } from '../../runtime/token-cache.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakePack } from './fake-pack.ts';

const { manifest, source } = fakePack();
const REQUEST: SoundRequest = {
  ...manifest.sampling,
  id: 1,
  prompt: 'wooden door slams',
  duration: 0.5,
  seed: 3,
  loop: false,
  priority: 0,
};

let kernels: Kernels;
let tokenizer: PromptTokenizer;
beforeAll(async () => {
  kernels = await loadKernels();
  tokenizer = await loadPromptTokenizer(await openModelPack(source));
});

async function open(changes: Partial<PipelineParts> = {}) {
  const { codebookSize } = manifest;
  const cache = await createTokenCache({ kernels, codebookSize, persist: false });
  const engine = fakeEngine(manifest);
  const parts = { manifest, modelHash: 'f'.repeat(64), tokenizer, engine, kernels, cache };
  return { engine, pipeline: createPipeline({ ...parts, ...changes }) };
}

describe('pipeline', () => {
  test('a request becomes a take that carries its prompt, model, licence and codes', async () => {
    const { pipeline } = await open();
    const take = await pipeline.generate({ ...REQUEST, prompt: ' wooden door slams ' });
    expect(take).toMatchObject({
      id: 1,
      prompt: 'wooden door slams',
      seed: 3,
      source: 'generated',
      sampleRate: 32000,
      numCodebooks: 4,
      model: 'fake',
      licence: 'MIT',
    });
    expect(take.soundKey).toMatch(/^[0-9a-f]{64}$/);
    expect(take.codes.length).toBe(4 * 25);
    expect(take.pcm.length).toBeLessThanOrEqual(16000);
    expect(take.pcm.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
    expect(take.timings.steps).toBe(28);
    expect(take).not.toHaveProperty('loop');
    expect(take).not.toHaveProperty('intermediates');
  });

  test('the same request twice: same codes and PCM, the second from memory without the model', async () => {
    const { engine, pipeline } = await open();
    const first = await pipeline.generate(REQUEST);
    const second = await pipeline.generate({ ...REQUEST, id: 2, priority: 9 });
    expect(second.source).toBe('memory');
    expect(second.codes).toEqual(first.codes);
    expect(second.pcm).toEqual(first.pcm);
    expect(second.soundKey).toBe(first.soundKey);
    expect(second.timings).toMatchObject({ steps: 0, textMs: 0, tokensMs: 0 });
    expect([engine.encoded.length, engine.decoded]).toEqual([1, 2]);
  });

  test('another seed or prompt: other codes', async () => {
    const { pipeline } = await open();
    const base = await pipeline.generate(REQUEST);
    for (const change of [{ seed: 4 }, { prompt: 'rain' }]) {
      const other = await pipeline.generate({ ...REQUEST, ...change });
      expect(other.codes).not.toEqual(base.codes);
    }
  });

  test('the prompt reaches the encoder as token ids, cut to the longest that it takes', async () => {
    const { engine, pipeline } = await open();
    await pipeline.generate(REQUEST);
    await pipeline.generate({ ...REQUEST, prompt: 'Rain RAIN rain rain rain rain rain glass' });
    expect(engine.encoded).toEqual([
      [2, 4, 5, 6, 3],
      [2, 7, 7, 7, 7, 3],
    ]);
  });

  test('a loop comes back with loop points, at most as long as asked', async () => {
    const { pipeline } = await open();
    const take = await pipeline.generate({ ...REQUEST, loop: true });
    expect(take.pcm.length).toBeLessThanOrEqual(16000);
    expect(take.pcm.length).toBeGreaterThan(0.75 * 16000);
    expect(take.loop).toEqual({ start: 0, end: take.pcm.length / 32000 });
  });

  test('the shortest and the longest request give their codec frames', async () => {
    const { pipeline } = await open();
    const shortest = await pipeline.generate({ ...REQUEST, duration: 0.1 });
    expect(shortest.codes.length).toBe(4 * 5);
    const longest = await pipeline.generate({ ...REQUEST, duration: 10 });
    expect(longest.codes.length).toBe(4 * 500);
  });

  test('intermediates on request: embedding, raw PCM, gain', async () => {
    const { pipeline } = await open();
    const { intermediates } = await pipeline.generate(REQUEST, { wantsIntermediates: true });
    expect(intermediates?.textEmbedding).toMatchObject({ length: 5, width: 8 });
    expect(intermediates?.rawPcm.length).toBe(25 * 640);
    expect(Number.isFinite(intermediates?.plan.gainDb)).toBe(true);
  });

  test('progress tells the stages in order', async () => {
    const { pipeline } = await open();
    const seen: Progress[] = [];
    await pipeline.generate(REQUEST, { onProgress: (progress) => seen.push(progress) });
    const stages = () =>
      seen.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1]);
    expect(stages()).toEqual(['text', 'tokens', 'finish']); // decoding goes on beside the tokens
    expect(seen.filter(({ stage }) => stage === 'tokens').at(-1)).toMatchObject({
      done: 28,
      total: 28,
    });
    seen.length = 0;
    await pipeline.generate(REQUEST, { onProgress: (progress) => seen.push(progress) });
    expect(stages()).toEqual(['decode', 'finish']);
  });

  test('streamed parts are the raw PCM of the whole, the first one small, all codec frames once', async () => {
    const { engine, pipeline } = await open();
    const long = { ...REQUEST, duration: 2 };
    const whole = await pipeline.generate(long, { wantsIntermediates: true });
    engine.parts.length = 0;
    const other = await open();
    const parts: Float32Array[] = [];
    const story = other.pipeline.streamRaw(long);
    let part = await story.next();
    for (; !part.done; part = await story.next()) parts.push(part.value.pcm);
    expect(parts.flatMap((pcm) => [...pcm])).toEqual([...whole.intermediates!.rawPcm]);
    expect(part.value.pcm).toEqual(whole.pcm);
    const sizes = other.engine.parts;
    expect(sizes[0]).toBeLessThanOrEqual(5);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16);
  });

  test('a cached sound streams too, from its first codec frames on, at the gain of its whole take', async () => {
    const { engine, pipeline } = await open();
    const long = { ...REQUEST, duration: 2 };
    const whole = await pipeline.generate(long, { wantsIntermediates: true });
    engine.parts.length = 0;
    const raw: RawPart[] = [];
    const story = pipeline.streamRaw(long);
    let part = await story.next();
    for (; !part.done; part = await story.next()) raw.push(part.value);
    expect(raw.flatMap(({ pcm }) => [...pcm])).toEqual([...whole.intermediates!.rawPcm]);
    expect(raw.every(({ source }) => source === 'memory')).toBe(true);
    expect(raw[0]!.gainDb).toBeCloseTo(whole.intermediates!.plan.gainDb, 4);
    expect(engine.parts[0]).toBeLessThanOrEqual(5);
    expect(engine.parts.reduce((sum, size) => sum + size, 0)).toBe(100);
    expect(part.value).toMatchObject({ source: 'memory', pcm: whole.pcm });
    engine.parts.length = 0;
    await pipeline.generate(long); // nobody listens on the way
    expect(engine.parts).toEqual([100]);
  });

  test('a stream that is left early goes no further, and leaves nothing open', async () => {
    const { engine, pipeline } = await open();
    for await (const { pcm } of pipeline.stream(REQUEST)) if (pcm.length > 0) break;
    expect(engine.fed.length).toBeLessThan(10);
    expect(engine.openCodecs).toBe(0);
    await pipeline.generate(REQUEST);
    for await (const { source } of pipeline.stream(REQUEST)) {
      expect([source, engine.openCodecs]).toEqual(['memory', 1]);
      break;
    }
    expect(engine.openCodecs).toBe(0);
  });

  test('a request out of its limits is refused before anything runs', async () => {
    const { engine, pipeline } = await open();
    for (const change of [{ prompt: '' }, { duration: 11 }, { seed: Number.NaN }, { topK: 65 }]) {
      await expect(pipeline.generate({ ...REQUEST, ...change })).rejects.toThrow(RangeError);
    }
    expect(engine.encoded).toEqual([]);
  });

  test('aborted at every stage: AbortError, and nothing after it runs', async () => {
    const stages = [
      ['before', 0],
      ['text', 0],
      [0, 1],
      [14, 15],
      [27, 28],
      ['decode', 8],
    ] as const;
    for (const [at, stepsRun] of stages) {
      const { engine, pipeline } = await open();
      const control = new AbortController();
      if (at === 'before') control.abort();
      engine.before = (what) => {
        if (what === at) control.abort();
      };
      const generating = pipeline.generate(REQUEST, { signal: control.signal });
      await expect(generating).rejects.toThrow(AbortError);
      expect(engine.fed.length).toBe(stepsRun);
      expect(engine.decoded).toBe(at === 27 ? 1 : 0);
    }
  });

  test('aborted after the codes were there: they are kept', async () => {
    const { engine, pipeline } = await open();
    const control = new AbortController();
    engine.before = (what) => {
      if (what === 27) control.abort();
    };
    const generating = pipeline.generate(REQUEST, { signal: control.signal });
    await expect(generating).rejects.toThrow(AbortError);
    engine.before = () => {};
    expect((await pipeline.generate(REQUEST)).source).toBe('memory');
  });

  test('device lost in mid-generation: the request goes on with the other engine, one warning', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const spare = fakeEngine(manifest, 'spare');
    const { engine, pipeline } = await open({ logger, replaceEngine: async () => spare });
    engine.before = (what) => {
      if (what === 10) throw new DeviceLostError('gone');
    };
    const take = await pipeline.generate(REQUEST);
    expect(take.source).toBe('generated');
    expect(spare.fed.length).toBe(28);
    expect(pipeline.engine).toBe(spare);
    await pipeline.generate({ ...REQUEST, seed: 9 });
    expect(engine.fed.length).toBe(10);
    expect(warnings.length).toBe(1);

    const parts: Float32Array[] = [];
    const lost = await open({ replaceEngine: async () => fakeEngine(manifest, 'spare') });
    lost.engine.before = (what) => {
      if (what === 20) throw new DeviceLostError('gone');
    };
    for await (const { pcm } of lost.pipeline.streamRaw(REQUEST)) parts.push(pcm);
    expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(25 * 640);

    const alone = await open({ engine: fakeEngine(manifest, 'spare') });
    expect((await alone.pipeline.generate(REQUEST)).soundKey).toBe(take.soundKey);
  });

  test('device lost while one generation is paused and another runs: both go on with one other engine', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const spares: Engine[] = [];
    const replaceEngine = async () => {
      spares.push(fakeEngine(manifest, 'spare'));
      return spares[0]!;
    };
    const { engine, pipeline } = await open({ logger, replaceEngine });
    engine.before = (what) => {
      if (what === 10) throw new DeviceLostError('gone');
    };
    const both = [REQUEST, { ...REQUEST, seed: 4 }].map((request) => pipeline.generate(request));
    const takes = await Promise.all(both);
    expect(takes.map(({ source }) => source)).toEqual(['generated', 'generated']);
    expect([spares.length, warnings.length]).toEqual([1, 1]);
  });

  test('no other engine can be made: that request fails, the next one tries again', async () => {
    const { engine, pipeline } = await open({
      replaceEngine: async () => {
        throw new TypeError('no memory');
      },
    });
    engine.before = () => {
      throw new DeviceLostError('gone');
    };
    for (let i = 0; i < 2; i++) {
      await expect(pipeline.generate(REQUEST)).rejects.toThrow('no memory');
    }
  });

  test('a failing engine rejects its request, and the next one is fine', async () => {
    const { engine, pipeline } = await open();
    engine.before = (what) => {
      if (what === 3) throw new TypeError('broken');
    };
    await expect(pipeline.generate(REQUEST)).rejects.toThrow('broken');
    engine.before = () => {};
    expect((await pipeline.generate(REQUEST)).source).toBe('generated');
    await pipeline.dispose();
    expect(engine.disposed).toBe(true);
  });
});
