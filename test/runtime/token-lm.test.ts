import { describe, expect, test } from 'vitest';
import { stepsOf } from '../../runtime/delay-pattern.ts';
import { AbortError } from '../../runtime/errors.ts';
import { type GenerateOptions, generateTokens } from '../../runtime/token-lm.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';
import { fakePack } from './fake-pack.ts';

const { manifest } = fakePack();
const { numCodebooks: K, codebookSize: V } = manifest;
const TEXT = { data: new Float32Array(16).fill(0.5), length: 2, width: 8 };
const OPTIONS = { ...manifest.sampling, numCodebooks: K, codecFrames: 6, seed: 1 };

async function generate(
  engine: FakeEngine,
  changes: Partial<GenerateOptions> = {},
  onStep: (step: number, whole: number) => void = () => {},
): Promise<Uint16Array> {
  let codes = new Uint16Array(0);
  for await (const progress of generateTokens(engine, TEXT, { ...OPTIONS, ...changes })) {
    codes = progress.codes.slice();
    onStep(progress.step, progress.whole);
  }
  return codes;
}

describe('token language model', () => {
  test('T codec frames take T + K − 1 steps and give K · T codes below V', async () => {
    for (const codecFrames of [1, 2, 6]) {
      const engine = fakeEngine(manifest);
      const codes = await generate(engine, { codecFrames });
      expect(engine.fed.length).toBe(stepsOf(codecFrames, K));
      expect(codes.length).toBe(K * codecFrames);
      expect(Math.max(...codes)).toBeLessThan(V);
    }
  });

  test('what a step feeds is what the step before sampled, in the delay pattern', async () => {
    const engine = fakeEngine(manifest);
    const T = OPTIONS.codecFrames;
    const codes = await generate(engine);
    const expected = Array.from({ length: stepsOf(T, K) }, (_, step) =>
      Array.from({ length: K }, (_, k) => {
        const time = step - 1 - k;
        return time >= 0 && time < T ? codes[k * T + time]! : V;
      }),
    );
    expect(engine.fed).toEqual(expected);
  });

  test('same seed, same codes; another seed, others', async () => {
    const [a, b, c] = await Promise.all([
      generate(fakeEngine(manifest)),
      generate(fakeEngine(manifest)),
      generate(fakeEngine(manifest), { seed: 2 }),
    ]);
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
  });

  test('two generations side by side do not disturb each other', async () => {
    const engine = fakeEngine(manifest);
    const alone = await generate(fakeEngine(manifest));
    const [a] = await Promise.all([generate(engine), generate(engine, { seed: 9 })]);
    expect(a).toEqual(alone);
  });

  test('the null condition is run only when guidance is on', async () => {
    const guided = fakeEngine(manifest);
    await generate(guided, { guidanceScale: 3 });
    expect(new Set(guided.batches)).toEqual(new Set([2]));
    const plain = fakeEngine(manifest);
    await generate(plain, { guidanceScale: 1 });
    expect(new Set(plain.batches)).toEqual(new Set([1]));
  });

  test('every step is told; codec frame t is whole, and settled, after step t + K', async () => {
    const seen: number[][] = [];
    await generate(fakeEngine(manifest), {}, (...progress) => seen.push(progress));
    const total = stepsOf(OPTIONS.codecFrames, K);
    const expected = Array.from({ length: total }, (_, i) => [i + 1, Math.max(0, i + 2 - K)]);
    expect(seen).toEqual(expected);

    const done = await generate(fakeEngine(manifest));
    const T = OPTIONS.codecFrames;
    const halfWay = generateTokens(fakeEngine(manifest), TEXT, OPTIONS);
    for await (const { codes, whole } of halfWay) {
      for (let k = 0; k < K; k++) {
        expect(codes.slice(k * T, k * T + whole)).toEqual(done.slice(k * T, k * T + whole));
      }
    }
  });

  test('whoever leaves early ends the generation', async () => {
    const engine = fakeEngine(manifest);
    for await (const { step } of generateTokens(engine, TEXT, OPTIONS)) if (step === 3) break;
    expect(engine.fed.length).toBe(3);
  });

  test('aborted between two steps: no further step is run', async () => {
    const engine = fakeEngine(manifest);
    const control = new AbortController();
    engine.before = (step) => {
      if (step === 3) control.abort();
    };
    await expect(generate(engine, { signal: control.signal })).rejects.toThrow(AbortError);
    expect(engine.fed.length).toBe(4);
  });

  test('messages get in between two steps: an abort from a timer is seen', async () => {
    const engine = fakeEngine(manifest);
    const control = new AbortController();
    setTimeout(() => control.abort(), 0);
    const long = generate(engine, { codecFrames: 100_000, signal: control.signal });
    await expect(long).rejects.toThrow(AbortError);
    expect(engine.fed.length).toBeLessThan(100_000);
  });

  test('before every step its turn is awaited, and no code depends on what happens meanwhile', async () => {
    const engine = fakeEngine(manifest);
    const stepsRun: number[] = [];
    const turn = async () => {
      stepsRun.push(engine.fed.length);
      if (engine.fed.length === 5) await generate(fakeEngine(manifest), { seed: 9 });
    };
    const codes = await generate(engine, { turn });
    expect(stepsRun).toEqual(engine.fed.map((_, step) => step));
    expect(codes).toEqual(await generate(fakeEngine(manifest)));
  });

  test('aborted while it waits for its turn: no further step is run', async () => {
    const engine = fakeEngine(manifest);
    const control = new AbortController();
    const turn = async () => {
      if (engine.fed.length === 3) control.abort();
    };
    await expect(generate(engine, { turn, signal: control.signal })).rejects.toThrow(AbortError);
    expect(engine.fed.length).toBe(3);
  });

  test('the generation is disposed whether generation ends well, fails or is aborted', async () => {
    for (const failing of [false, true]) {
      const engine = fakeEngine(manifest);
      let disposed = 0;
      const start = engine.startTokens;
      engine.startTokens = async (text, options) => ({
        ...(await start(text, options)),
        dispose: () => disposed++,
      });
      engine.before = () => {
        if (failing) throw new Error('broken');
      };
      await generate(engine).catch(() => {});
      expect(disposed).toBe(1);
    }
  });
});
