/** Both engines on the same small pack: the kernels, and onnxruntime on the CPU. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../runtime/choose-engine.ts';
import type { Engine, TokenOptions } from '../../runtime/engine.ts';
import { createOnnxEngine } from '../../runtime/engines/onnx.ts';
import { createWasmEngine } from '../../runtime/engines/wasm.ts';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { type Bytes, type ModelPack, openModelPack } from '../../runtime/model-pack.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { TINY_PACK } from './tiny-pack.ts';

const DOOR = [101, 2341, 102];
const RAIN = [101, 4542, 2006, 9229, 102];
const K = 4;
const V = 1024;

let pack: ModelPack;
let kernels: Kernels;
beforeAll(async () => {
  pack = await openModelPack(folderSource(TINY_PACK, readFile));
});

const optionsOf = (kernels: Kernels) =>
  ({ device: 'wasm', numThreads: 1, kernels, logger: silentLogger }) as const;

/** Largest difference of two arrays. */
function distance(a: Float32Array, b: Float32Array): number {
  expect(b.length).toBe(a.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

const MAKERS = {
  kernels: (of: ModelPack, memory: Kernels) => createWasmEngine(of, memory),
  onnxruntime: (of: ModelPack, memory: Kernels) => createOnnxEngine(of, optionsOf(memory)),
};

describe.each(Object.entries(MAKERS))('engine on %s', (name, make) => {
  let engine: Engine;
  beforeAll(async () => {
    kernels = await loadKernels();
    engine = await make(pack, kernels);
  });
  afterAll(() => engine.dispose());

  const sampling = (changes: Partial<TokenOptions> = {}): TokenOptions => ({
    ...{ codecFrames: 8, guidanceScale: 3, temperature: 1, topK: 0, topP: 0, seed: 5 },
    ...changes,
  });

  /** Columns of all steps. */
  async function columnsOf(prompt: number[], options: TokenOptions): Promise<number[][]> {
    const generation = await engine.startTokens(await engine.encodeText(prompt), options);
    const columns: number[][] = [];
    for (let step = 0; step < options.codecFrames + K - 1; step++) {
      columns.push([...(await generation.next())]);
    }
    generation.dispose();
    return columns;
  }

  async function firstLogits(prompt: number[], guidanceScale: number): Promise<Float32Array> {
    const text = await engine.encodeText(prompt);
    const generation = await engine.startTokens(text, sampling({ guidanceScale }));
    const logits = (await generation.logits()).slice();
    generation.dispose();
    return logits;
  }

  test('says what it is', () => {
    expect(engine.device).toBe('wasm');
    const expected = { kernels: /^wasm-\d+$/, onnxruntime: /^onnxruntime-web-\d+\.\d+\.\d+-wasm$/ };
    expect(engine.arithmetic).toMatch(expected[name as keyof typeof expected]);
  });

  test('text embedding f32 [L, D], logits f32 [B, K, V], all finite', async () => {
    const text = await engine.encodeText(RAIN);
    const { width } = pack.manifest.textEncoder;
    expect([text.length, text.width, text.data.length]).toEqual([5, width, 5 * width]);
    for (const [guidanceScale, batch] of [
      [1, 1],
      [3, 2],
    ] as const) {
      const logits = await firstLogits(RAIN, guidanceScale);
      expect(logits.length).toBe(batch * K * V);
      expect(logits.every(Number.isFinite)).toBe(true);
    }
  });

  test('with guidance row 0 is the prompt as without it, row 1 the same for every prompt', async () => {
    const half = K * V;
    const [alone, guided, other] = [
      await firstLogits(DOOR, 1),
      await firstLogits(DOOR, 3),
      await firstLogits(RAIN, 3),
    ];
    expect(distance(guided.subarray(0, half), alone)).toBeLessThan(1e-4);
    expect(distance(guided.subarray(half), other.subarray(half))).toBeLessThan(1e-4);
    expect(distance(guided.subarray(half), alone)).toBeGreaterThan(1e-2);
    expect(distance(other.subarray(0, half), alone)).toBeGreaterThan(1e-2);
  });

  test('columns follow the delay pattern: V outside it, codes inside', async () => {
    const columns = await columnsOf(DOOR, sampling());
    columns.forEach((column, step) => {
      column.forEach((code, k) => {
        const inPattern = step >= k && step - k < 8;
        expect(code === V).toBe(!inPattern);
        expect(code).toBeLessThanOrEqual(V);
      });
    });
  });

  test('same request, same codes, past the window of attention too; another seed, others', async () => {
    const codecFrames = pack.manifest.languageModel.window + 6;
    const long = sampling({ codecFrames });
    const [a, b] = [await columnsOf(DOOR, long), await columnsOf(DOOR, long)];
    expect(b).toEqual(a);
    expect(await columnsOf(DOOR, { ...long, seed: 6 })).not.toEqual(a);
  });

  test('two generations step by step beside each other do not disturb each other', async () => {
    const alone = await columnsOf(DOOR, sampling());
    const [a, b] = await Promise.all([
      columnsOf(DOOR, sampling()),
      columnsOf(RAIN, sampling({ guidanceScale: 1, seed: 9 })),
    ]);
    expect(a).toEqual(alone);
    expect(b).toEqual(await columnsOf(RAIN, sampling({ guidanceScale: 1, seed: 9 })));
  });

  test('codes become 640 samples a codec frame, the same whole or in parts, two sounds side by side', async () => {
    const codes = (frames: number) =>
      Uint16Array.from({ length: K * frames }, (_, i) => (i * 131) % V);
    const whole = await (async () => {
      const stream = engine.openCodec();
      const pcm = await stream.push(codes(23), 23, true);
      stream.dispose();
      return pcm;
    })();
    expect(whole.length).toBe(23 * 640);
    expect(whole.every(Number.isFinite)).toBe(true);
    expect(whole.some((sample) => Math.abs(sample) > 1e-3)).toBe(true);

    for (const size of [1, 2, 5, 22]) {
      const [stream, other] = [engine.openCodec(), engine.openCodec()];
      const parts: number[] = [];
      for (let from = 0; from < 23; from += size) {
        const count = Math.min(size, 23 - from);
        const part = new Uint16Array(K * count);
        for (let k = 0; k < K; k++) {
          part.set(codes(23).subarray(k * 23 + from, k * 23 + from + count), k * count);
        }
        parts.push(...(await stream.push(part, count, from + count === 23)));
        await other.push(codes(3), 3, false);
      }
      stream.dispose();
      other.dispose();
      expect(distance(Float32Array.from(parts), whole)).toBe(0);
    }
  });
});

describe('both engines', () => {
  test('agree on text states, logits and codes', async () => {
    const [ours, theirs] = [
      await createWasmEngine(pack, await loadKernels()),
      await createOnnxEngine(pack, optionsOf(await loadKernels())),
    ];
    const [a, b] = [await ours.encodeText(RAIN), await theirs.encodeText(RAIN)];
    expect(distance(a.data, b.data)).toBeLessThan(1e-5);
    const options = { ...pack.manifest.sampling, codecFrames: 60, seed: 3 };
    const [mine, their] = [
      await ours.startTokens(a, options),
      await theirs.startTokens(b, options),
    ];
    for (let step = 0; step < 63; step++) {
      const [p, q] = [(await mine.logits()).slice(), await their.logits()];
      expect(distance(p, q)).toBeLessThan(1e-3);
      expect([...(await mine.next())]).toEqual([...(await their.next())]);
    }
  });

  test('the kernels’ memory does not grow after the first sound', async () => {
    const memory = (await loadKernels()) satisfies Kernels;
    const engine = await createWasmEngine(pack, memory);
    const sound = async (seed: number) => {
      const text = await engine.encodeText(DOOR);
      const options = { ...pack.manifest.sampling, codecFrames: 5, seed };
      const generation = await engine.startTokens(text, options);
      for (let step = 0; step < 8; step++) await generation.next();
      generation.dispose();
      const stream = engine.openCodec();
      await stream.push(new Uint16Array(K * 5), 5, true);
      stream.dispose();
    };
    await sound(0);
    const { size } = memory.memory;
    for (let seed = 1; seed < 500; seed++) await sound(seed);
    expect(memory.memory.size).toBe(size);
  });
});

describe('what cannot be loaded', () => {
  /** The pack with one file changed. */
  function changed(file: string, change: (bytes: Bytes) => Bytes): ModelPack {
    return {
      ...pack,
      async load(names) {
        const files = await pack.load(names);
        const entries = Object.entries(files).map(([name, bytes]) => [
          name,
          name === file ? change(bytes as Bytes) : bytes,
        ]);
        return Object.fromEntries(entries);
      },
    };
  }

  /** The header with one text replaced by another of the same length. */
  function renamed(from: string, to: string) {
    expect(to.length).toBe(from.length);
    return (bytes: Bytes) => {
      const copy = bytes.slice() as Bytes;
      const header = new TextDecoder().decode(bytes.subarray(8, 8 + 60_000));
      const at = header.indexOf(from);
      expect(at).toBeGreaterThan(0);
      copy.set(new TextEncoder().encode(to), 8 + at);
      return copy;
    };
  }

  test.each([
    [
      'a missing tensor',
      'engine.safetensors',
      'lm.heads.weight"',
      'lm.heads.weighs"',
      /lm\.heads\.weight: expected it to be there/,
    ],
    [
      'another shape',
      'engine.safetensors',
      '"shape":[4096,32]',
      '"shape":[2048,64]',
      /lm\.heads\.weight: expected it to be I8 \[4096, 32\], found I8 \[2048, 64\]/,
    ],
    [
      'a type that is none of ours',
      'decoder.safetensors',
      '"I8"',
      '"U8"',
      /decoder\.safetensors: tensor .*: expected it to be of type F32 or I8, found "U8"/,
    ],
  ])('%s is named', async (_, file, from, to, message) => {
    const broken = changed(file, renamed(from, to));
    await expect(createWasmEngine(broken, await loadKernels())).rejects.toThrow(message);
  });

  test('a graph that onnxruntime cannot read rejects', async () => {
    const broken = changed('lm-step.onnx', () => new Uint8Array([1, 2, 3]));
    await expect(createOnnxEngine(broken, optionsOf(await loadKernels()))).rejects.toThrow();
  });

  test('a pack without engine weights: onnxruntime, and a note', async () => {
    const { 'engine.safetensors': _, 'decoder.safetensors': __, ...files } = pack.manifest.files;
    const without = { ...pack, manifest: { ...pack.manifest, files } };
    const notes: string[] = [];
    const logger = { warn: () => {}, info: (message: string) => notes.push(message) };
    const options = { ...optionsOf(await loadKernels()), logger };
    await createEngine(without, options).catch(() => {}); // its graphs have no weights
    expect(notes.join()).toMatch(/no engine weights, so onnxruntime makes its sounds/);
  });

  test('WebGPU asked for where there is none: the kernels and one warning', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const options = { ...optionsOf(await loadKernels()), device: 'webgpu', logger } as const;
    expect((await createEngine(pack, options)).arithmetic).toMatch(/^wasm-/);
    const { 'lm-steps.onnx': _, ...files } = pack.manifest.files;
    const older = { ...pack, manifest: { ...pack.manifest, files } };
    expect((await createEngine(older, options)).arithmetic).toMatch(/^wasm-/);
    expect(warnings).toEqual(
      ['the browser has none', 'tiny-pack has no lm-steps.onnx'].map(
        (lack) => `choose-engine: no WebGPU here (${lack}), so sounds are made with WASM.`,
      ),
    );
  });

  test('a GPU engine whose chunk cannot be loaded: the kernels and one warning', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => ({}) } });
    vi.doMock('../../runtime/engines/gpu-engine.ts', () => {
      throw new Error('offline');
    });
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const options = { ...optionsOf(await loadKernels()), device: 'webgpu', logger } as const;
    expect((await createEngine(pack, options)).arithmetic).toMatch(/^wasm-/);
    expect(warnings).toEqual([
      expect.stringMatching(/no WebGPU here .* so sounds are made with WASM/s),
    ]);
    vi.doUnmock('../../runtime/engines/gpu-engine.ts');
    vi.unstubAllGlobals();
  });
});
