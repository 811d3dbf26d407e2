/**
 * The language model on a GPU: several steps in one run of lm-steps.onnx, codes read back once a run.
 *
 *   step       0 1 2 3 4 5 6 7 | 8 9 …        N = 8 steps a run
 *   run        └──── first ────┘ └─ second    next() hands out the columns of the last run, one by one
 *
 * Keys, values and the last step's embedding stay in GPU memory: a run reads them there and writes them in place, the
 * keys and values of step s to slot s. Nothing here knows onnxruntime: `run` is given.
 */
import { isInside, stepsOf } from '../delay-pattern.ts';
import type { TextEmbedding, TokenGeneration, TokenOptions } from '../engine.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelManifest } from '../model-manifest.ts';
import { notFinite } from '../sampler.ts';
import type { GpuArray, GpuArrays } from './gpu-arrays.ts';
import { cachesOf, layRoom, type Room, viewOf, writeText } from './gpu-room.ts';
import { drawsOf, guideOf, insideOf, rotaryTables, topPOf } from './step-feeds.ts';

/** In GPU memory, or of one dimension on the CPU. */
export type Fed = GpuArray | Int32Array | BigInt64Array;

/**
 * Runs the graph.
 * @param into where outputs go: an array of ours, or null for one that is returned
 */
export type RunSteps = (
  fed: Record<string, Fed>,
  into: Record<string, GpuArray | null>,
) => Promise<Record<string, Float32Array>>;

export interface GpuLanguageModelParts {
  run: RunSteps;
  arrays: GpuArrays;
  kernels: Kernels;
  manifest: ModelManifest;
  /** N */
  stepsPerRun: number;
  /** Steps of the longest sound. */
  longest: number;
  /** f32 [headDim / 2], radians a step. */
  rotary: Float32Array;
  /** Keys and values of a text for every layer: f32 [layers, L + 1, 2, heads, headDim]. */
  readText: (text: TextEmbedding) => Float32Array;
}

export interface GpuLanguageModel {
  /** @throws RangeError if the sound is longer than the longest */
  start(text: TextEmbedding, options: TokenOptions): TokenGeneration;
  /** Runs once what the model's own sampling needs, so that no shader is compiled under the first sound. */
  warmUp(): Promise<void>;
}

/** What takes the place of a logit when none is found is larger: training/onnx_steps.py. */
const LARGEST_LOGIT = 1e38;

export function createGpuLanguageModel(parts: GpuLanguageModelParts): GpuLanguageModel {
  const { run, arrays, kernels, manifest, stepsPerRun } = parts;
  const { numCodebooks, codebookSize, languageModel, textEncoder } = manifest;
  const { window, heads, headDim } = languageModel;
  const roundUp = (steps: number) => Math.ceil(steps / stepsPerRun) * stepsPerRun;
  const shape = {
    ...languageModel,
    ...{ numCodebooks, stepsPerRun, textRows: textEncoder.maxTokens + 1 },
    slots: Math.max(roundUp(parts.longest), roundUp(window) + stepsPerRun),
  };
  const rotary = layRotary(arrays, parts.rotary, shape.slots);
  const free: Room[] = [];

  /** A room with a text in it, and what runs there. */
  function enter(text: TextEmbedding, options: TokenOptions) {
    const batch = options.guidanceScale === 1 ? 1 : 2;
    const room = free.pop() ?? layRoom(arrays, shape);
    const view = viewOf(room, shape, batch, text.length + 1);
    const caches = cachesOf(view, shape);
    const top_k = BigInt64Array.of(BigInt(options.topK || codebookSize));
    writeText(arrays, room, shape, batch, parts.readText(text));
    arrays.write(room.embedded!, new Float32Array(batch * heads * headDim));
    arrays.write(room.top_p!, topPOf(options));

    function runFrom(first: number, guide: Float32Array, into: Record<string, GpuArray | null>) {
      arrays.write(room.guide!, guide);
      for (let n = 0; n < stepsPerRun; n++) {
        const step = first + n;
        const inside = insideOf(step, options.codecFrames, numCodebooks, batch);
        arrays.write(room[`position_${n}`]!, new Int32Array(batch).fill(step));
        arrays.write(room[`draw_${n}`]!, drawsOf(kernels, options, step, numCodebooks));
        arrays.write(room[`inside_${n}`]!, inside);
      }
      const total = Int32Array.of(first + stepsPerRun);
      return run({ ...rotary, ...view, total, top_k }, { ...caches, ...into });
    }

    return {
      leave: () => free.push(room),
      /** @returns f32 [2 N, K]: codes of N steps, then their logits */
      async pick(first: number): Promise<Float32Array> {
        const into = { picked: null, next_embedded: view.embedded! };
        return (await runFrom(first, guideOf(options), into)).picked!;
      },
      /** @returns f32 [B, K, V]; moves nothing on: what it writes beyond the step is written again by the next run */
      async look(first: number): Promise<Float32Array> {
        const looked = new Float32Array(batch * numCodebooks * codebookSize);
        for (let row = 0; row < batch; row++) {
          const only = Float32Array.from({ length: batch }, (_, i) => (i === row ? 1 : 0));
          const { logits } = await runFrom(first, only, { logits: null });
          looked.set(logits!, row * numCodebooks * codebookSize);
        }
        return looked;
      },
    };
  }

  return {
    start(text, options) {
      const { codecFrames } = options;
      const steps = stepsOf(codecFrames, numCodebooks);
      if (steps > shape.slots) {
        throw new RangeError(
          `gpu-language-model: at most ${shape.slots} steps are wanted, we got ${steps}. Ask for a shorter sound.`,
        );
      }
      const inRoom = enter(text, options);
      const column = new Uint16Array(numCodebooks);
      let picked = new Float32Array(0);
      let step = 0;
      let open = true;

      function codeOf(codebook: number): number {
        if (!isInside(step, codebook, codecFrames)) return codebookSize;
        const at = (step % stepsPerRun) * numCodebooks + codebook;
        const logit = picked[stepsPerRun * numCodebooks + at]!;
        if (!(Math.abs(logit) < LARGEST_LOGIT)) throw notFinite(codebook, step);
        return picked[at]!;
      }

      return {
        async next() {
          if (step >= steps) {
            throw new RangeError(`gpu-language-model: all ${steps} steps are done.`);
          }
          if (step % stepsPerRun === 0) {
            picked = (await inRoom.pick(step)) as Float32Array<ArrayBuffer>;
          }
          for (let k = 0; k < numCodebooks; k++) column[k] = codeOf(k);
          step++;
          return column;
        },
        async logits() {
          if (step % stepsPerRun === 0) return inRoom.look(step);
          throw new RangeError(
            `gpu-language-model: logits can be seen before every ${stepsPerRun}th step, we are at step ${step}.`,
          );
        },
        dispose() {
          if (open) inRoom.leave();
          open = false;
        },
      };
    },

    async warmUp() {
      const { width } = textEncoder;
      const text = { data: new Float32Array(width), length: 1, width };
      const inRoom = enter(text, { ...manifest.sampling, codecFrames: 1, seed: 0 });
      try {
        // From the window's end on, attention is another shader.
        for (const first of [0, roundUp(window)]) await inRoom.pick(first);
      } finally {
        inRoom.leave();
      }
    },
  };
}

function layRotary(arrays: GpuArrays, frequencies: Float32Array, slots: number): Room {
  const tables = Object.entries(rotaryTables(frequencies, slots));
  return Object.fromEntries(
    tables.map(([name, values]) => {
      const array = arrays.make('float32', [slots, frequencies.length]);
      arrays.write(array, values);
      return [name, array];
    }),
  );
}
