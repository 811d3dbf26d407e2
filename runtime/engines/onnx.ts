/**
 * The only file that imports onnxruntime-web.
 *
 * On its WASM backend: a whole engine of four graphs, for packs without engine weights and as a reference. Graphs without
 * weights are filled from the pack's own; then the codec's decoder runs in the kernels, and the fourth is not needed.
 *
 *   text-encoder   input_ids i64 [1, L]                     → text_embedding f32 [L, D]
 *   lm-prefill     text_embedding                           → cross_keys, cross_values f32 [layers, 1, heads, L2, headDim]
 *   lm-step        tokens i64 [B, K], position, caches      → logits f32 [B, K, V], new_keys, new_values
 *   codec-decoder  codes i64 [K, T]                         → spectrum_real, spectrum_imag,
 *                                                            noise_magnitude f32 [F, N/2 + 1],
 *                                                            partial_gain, partial_frequency f32 [F, C] if it has partials
 *
 * On WebGPU: lm-steps alone, see gpu-engine.ts.
 *
 * Sessions are made and run one at a time: neither backend allows more.
 * `onnxruntime-web/wasm` serves pages, workers and Node alike; WebGPU's build is fetched only when it is asked for.
 */
import type * as Ort from 'onnxruntime-web';
import type { CodecStream, Engine, Spectrum, TextEmbedding } from '../engine.ts';
import { DeviceLostError, orAborted, throwIfAborted } from '../errors.ts';
import { filesFor, type GraphFile, hasWeights, type ModelManifest } from '../model-manifest.ts';
import type { Bytes, ModelPack } from '../model-pack.ts';
import { readTensors } from '../safetensors.ts';
import { createSampler } from '../sampler.ts';
import type { EngineOptions } from '../service.ts';
import type { StepsGraph } from './gpu-engine.ts';
import type { Fed } from './gpu-language-model.ts';
import { createGraphCodec } from './graph-codec.ts';
import { type ExternalData, fillPlaces } from './graph-weights.ts';
import { createKeyValueRing, widenCross } from './key-value-ring.ts';
import { createMutex, type Mutex } from './mutex.ts';
import { createSampledTokens, type LogitsOf } from './sampled-tokens.ts';
import { createWasmCodecDecoder } from './wasm-codec-decoder.ts';

/** Runs one graph. */
type Run = (feeds: Ort.InferenceSession.FeedsType) => Promise<Ort.InferenceSession.ReturnType>;

/** Of the engine that `createOnnxEngine` makes. */
export async function cpuArithmetic(): Promise<string> {
  return arithmeticNamed(await import('onnxruntime-web/wasm'));
}

function arithmeticNamed(ort: typeof Ort): string {
  return `onnxruntime-web-${ort.env.versions.web}-wasm`;
}

/** @throws what onnxruntime throws for a graph that it cannot load; ModelPackError */
export async function createOnnxEngine(pack: ModelPack, options: EngineOptions): Promise<Engine> {
  const ort = prepared(await import('onnxruntime-web/wasm'), 'wasm', options);
  const { manifest } = pack;
  const { runs, release, openCodec } = await openGraphs(ort, pack, options);
  const sampler = createSampler(options.kernels, manifest);

  return {
    arithmetic: arithmeticNamed(ort),
    device: 'wasm',

    async encodeText(tokenIds) {
      const input_ids = int64(ort, tokenIds, [1, tokenIds.length]);
      const { text_embedding } = await runs['text-encoder.onnx']({ input_ids });
      return asEmbedding(text_embedding!, manifest);
    },

    async startTokens(text, asked) {
      const dims = [text.length, text.width];
      const text_embedding = new ort.Tensor('float32', text.data, dims);
      const cross = await runs['lm-prefill.onnx']({ text_embedding });
      const batch = asked.guidanceScale === 1 ? 1 : 2;
      const logitsOf = createStepper(ort, runs['lm-step.onnx'], manifest, cross, batch);
      return createSampledTokens(logitsOf, sampler, manifest, asked);
    },

    openCodec,
    dispose: release,
  };
}

/** One generation: owns the ring of keys and values, shared with nobody. */
function createStepper(
  ort: typeof Ort,
  run: Run,
  manifest: ModelManifest,
  cross: Ort.InferenceSession.ReturnType,
  batch: 1 | 2,
): LogitsOf {
  const { layers, heads, headDim, window } = manifest.languageModel;
  const ring = createKeyValueRing({ layers, batch, heads, headDim, slots: window - 1 });
  const float32 = (data: Float32Array, dims: number[]) => new ort.Tensor('float32', data, dims);
  const fixed = {
    cross_keys: widened(cross.cross_keys!),
    cross_values: widened(cross.cross_values!),
  };
  let position = 0;

  function widened(tensor: Ort.Tensor): Ort.Tensor {
    const dims = tensor.dims.with(1, batch);
    return float32(widenCross(floats(tensor), layers, batch), dims);
  }

  return async (column) => {
    const both = batch === 1 ? [...column] : [...column, ...column];
    const past = [layers, batch, heads, ring.capacity, headDim];
    const output = await run({
      ...fixed,
      past_keys: float32(ring.keys, past),
      past_values: float32(ring.values, past),
      past_mask: float32(ring.mask, [ring.capacity]),
      tokens: int64(ort, both, [batch, column.length]),
      position: int64(ort, [position], [1]),
    });
    ring.push(floats(output.new_keys!), floats(output.new_values!));
    position++;
    return floats(output.logits!);
  };
}

/** The settings that are the module's, not a session's. The name of the module is literal for bundlers to see. */
function prepared(ort: typeof Ort, device: keyof typeof WASM, options: EngineOptions): typeof Ort {
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = options.numThreads;
  if (options.ortUrl !== undefined)
    ort.env.wasm.wasmPaths = { wasm: `${options.ortUrl}${WASM[device]}` };
  return ort;
}

/** onnxruntime's log level for sessions: its warnings would go to the console, past the logger. */
const ERRORS_ONLY = 3;

/** onnxruntime-web's binary for each device. */
const WASM = {
  wasm: 'ort-wasm-simd-threaded.wasm',
  webgpu: 'ort-wasm-simd-threaded.asyncify.wasm',
} as const;

interface Graphs {
  runs: Record<GraphFile, Run>;
  openCodec: () => CodecStream;
  release: () => Promise<void>;
}

/** Makes the sessions; if one fails, those made before are released. */
async function openGraphs(
  ort: typeof Ort,
  pack: ModelPack,
  options: EngineOptions,
): Promise<Graphs> {
  const { manifest } = pack;
  const wanted = filesFor(manifest, 'onnxruntime');
  const files: Partial<Record<string, Bytes>> = await pack.load(wanted);
  const graphs = wanted.filter((file): file is GraphFile => file.endsWith('.onnx'));
  const tensorsOf = (file: string) => files[file] && readTensors(files[file], file);
  const weights = tensorsOf('engine.safetensors');
  const decoderWeights = tensorsOf('decoder.safetensors');
  const alone = createMutex();
  const sessions: Ort.InferenceSession[] = [];
  const release = () =>
    alone(async () => {
      for (const session of sessions.splice(0)) await session.release();
    });
  const runs: Partial<Record<GraphFile, Run>> = {};
  try {
    for (const graph of graphs) {
      const places = manifest.graphs?.[graph];
      const external = places && weights ? fillPlaces(places, weights) : [];
      const session = await openSession(ort, files[graph]!, external, alone);
      sessions.push(session);
      runs[graph] = (feeds) => alone(() => session.run(feeds));
    }
  } catch (error) {
    await release();
    throw error;
  }
  const decode = runs['codec-decoder.onnx']!;
  const openCodec =
    hasWeights(manifest) && decoderWeights
      ? createWasmCodecDecoder(options.kernels, manifest, decoderWeights).open
      : createGraphCodec(options.kernels, manifest, async (codes, dims) =>
          asSpectrum(await decode({ codes: int64(ort, codes, dims) }), manifest),
        );
  return { runs: runs as Record<GraphFile, Run>, openCodec, release };
}

/** A function of its own, so that the graphs' `runs` do not keep the bytes of the pack in memory. */
function openSession(
  ort: typeof Ort,
  bytes: Uint8Array,
  externalData: ExternalData[],
  alone: Mutex,
): Promise<Ort.InferenceSession> {
  const settings = { executionProviders: ['wasm'], logSeverityLevel: ERRORS_ONLY } as const;
  return alone(() => ort.InferenceSession.create(bytes, { ...settings, externalData }));
}

/**
 * lm-steps.onnx on WebGPU.
 * @throws what onnxruntime throws for a graph that it cannot load, or that has a node which WebGPU cannot run
 */
export async function openStepsGraph(
  bytes: Uint8Array,
  externalData: ExternalData[],
  options: EngineOptions,
): Promise<StepsGraph> {
  const ort = prepared(await import('onnxruntime-web/webgpu'), 'webgpu', options);
  const session = await ort.InferenceSession.create(bytes, { ...ON_WEBGPU, externalData });
  const device = (await ort.env.webgpu.device) as GPUDevice;
  const loss = new AbortController();
  void device.lost.then(() => loss.abort());
  const alone = createMutex();
  const tensorOf = (value: Fed) => asTensor(ort, value);

  return {
    arithmetic: `onnxruntime-web-${ort.env.versions.web}-webgpu`,
    device,
    stepsPerRun: session.inputNames.filter((name) => name.startsWith('position_')).length,
    /** From the moment the device is lost, every run that is under way or comes later is a DeviceLostError. */
    async run(fed, into) {
      const feeds = mapped(fed, tensorOf);
      const fetches = mapped(into, (array) => array && tensorOf(array));
      const running = alone(() => session.run(feeds, fetches));
      try {
        const output = await orAborted(running, loss.signal, 'onnx');
        throwIfAborted(loss.signal, 'onnx'); // what a lost device wrote is nothing
        const returned = Object.keys(into).filter((name) => into[name] === null);
        return Object.fromEntries(returned.map((name) => [name, floats(output[name]!)]));
      } catch (error) {
        if (!loss.signal.aborted) throw error;
        throw new DeviceLostError('onnx: the WebGPU device was lost.');
      }
    },
    /** A lost device's last run may never end. */
    release: async () => {
      if (!loss.signal.aborted) await alone(() => session.release());
    },
  };
}

/**
 * Options are read only from an object: the bare name 'webgpu' would drop them. Without `validationMode` every run waits
 * for the GPU once more. No node may fall back to the CPU: each would have the GPU wait for it.
 */
const ON_WEBGPU = {
  executionProviders: [{ name: 'webgpu', validationMode: 'wgpuOnly' }],
  logSeverityLevel: ERRORS_ONLY,
  extra: { session: { disable_cpu_ep_fallback: '1' } },
} as const;

function asTensor(ort: typeof Ort, value: Fed): Ort.Tensor {
  if (value instanceof Int32Array) return new ort.Tensor('int32', value, [value.length]);
  if (value instanceof BigInt64Array) return new ort.Tensor('int64', value, [value.length]);
  const { buffer, type: dataType, dims } = value;
  return ort.Tensor.fromGpuBuffer(buffer, { dataType, dims });
}

function mapped<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function int64(ort: typeof Ort, values: ArrayLike<number>, dims: number[]): Ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), dims);
}

function floats(tensor: Ort.Tensor): Float32Array {
  return tensor.data as Float32Array;
}

function asEmbedding(tensor: Ort.Tensor, { textEncoder }: ModelManifest): TextEmbedding {
  const data = floats(tensor);
  return { data, width: textEncoder.width, length: data.length / textEncoder.width };
}

function asSpectrum(
  output: Ort.InferenceSession.ReturnType,
  { partials }: ModelManifest,
): Spectrum {
  const [real, imag, noise, gain, frequency] = [
    output.spectrum_real!,
    output.spectrum_imag!,
    output.noise_magnitude!,
    output.partial_gain,
    output.partial_frequency,
  ];
  return {
    ...{ real: floats(real), imag: floats(imag), noise: floats(noise), frames: real.dims[0]! },
    ...(partials && {
      partials: { ...partials, gain: floats(gain!), frequency: floats(frequency!) },
    }),
  };
}
