/** What nextColumn() of language-model.ts does about logits that are no numbers. */
import { describe, expect, test } from 'vitest';
import type { TextEmbedding, TokenGeneration, TokenOptions } from '../../runtime/engine.ts';
import { createWasmLanguageModel } from '../../runtime/engines/wasm-language-model.ts';
import type { KernelExports, Kernels } from '../../runtime/kernels/kernels.ts';
import { noise } from '../reference/seeded.ts';
import { SMALL, smallLanguageModel } from '../reference/small-models.ts';
import { onGuardedMemory } from './guarded-memory.ts';

const tensors = smallLanguageModel();
const { numCodebooks: K, codebookSize: V } = SMALL;

function seededText(): TextEmbedding {
  const { width } = SMALL.textEncoder;
  return { data: noise(4 * width, 1, 2), length: 4, width };
}

/** Fields by index: LanguageModel.readout, Matrix.scales, Generation.step and .column. */
const [READOUT, SCALES, STEP, COLUMN] = [10, 1, 2, 6];

/** A generation whose structures are known after its first step. */
function open(kernels: Kernels, options: TokenOptions, text = seededText()) {
  const { memory } = kernels;
  let seen: Parameters<KernelExports['nextColumn']> | undefined;
  const nextColumn: KernelExports['nextColumn'] = (...given) => {
    seen = given;
    return kernels.call.nextColumn(...given);
  };
  const spied = { ...kernels, call: { ...kernels.call, nextColumn } };
  const generation = createWasmLanguageModel(spied, SMALL, tensors).start(text, options);
  const field = (struct: number, index: number) => memory.u32(struct, index + 1)[index]!;
  return {
    generation,
    nextColumn: () => kernels.call.nextColumn(...seen!),
    /** Scale of a row of the read-out, to be changed. */
    scaleOf: (row: number) => memory.f32(field(field(seen![0], READOUT), SCALES) + 4 * row, 1),
    stepAndColumn: () => [field(seen![1], STEP), ...memory.u16(field(seen![1], COLUMN), K)],
  };
}

async function columns(generation: TokenGeneration, count: number): Promise<number[][]> {
  const found: number[][] = [];
  while (found.length < count) found.push([...(await generation.next())]);
  return found;
}

describe.each([1, 3])('with guidance %d', (guidanceScale) => {
  const options = { codecFrames: 20, guidanceScale, temperature: 1, topK: 0, topP: 0, seed: 5 };

  test.each([Number.NaN, Infinity])(
    '%d among the logits: −1 − k, column and step unchanged, and on it goes',
    async (bad) => {
      const undisturbed = await onGuardedMemory((kernels) =>
        columns(open(kernels, options).generation, 15),
      );
      for (let k = 0; k < K; k++) {
        for (const code of [0, V - 1]) {
          const all = await onGuardedMemory(async (kernels) => {
            const { generation, nextColumn, scaleOf, stepAndColumn } = open(kernels, options);
            const before = await columns(generation, 5);
            const state = stepAndColumn();
            const scale = scaleOf(k * V + code);
            const [good] = scale;
            scale[0] = bad;
            expect(nextColumn()).toBe(-1 - k);
            expect(stepAndColumn()).toEqual(state);
            await expect(generation.next()).rejects.toThrow(`codebook ${k} at step 5 hold NaN`);
            scale[0] = good!;
            return [...before, ...(await columns(generation, 10))];
          });
          expect(all).toEqual(undisturbed);
        }
      }
    },
  );

  test.each([Number.NaN, Infinity])('%d in the text reaches the logits of its row', async (bad) => {
    const text = seededText();
    text.data[3] = bad;
    await onGuardedMemory(async (kernels) => {
      const { generation } = open(kernels, options, text);
      const logits = await generation.logits();
      expect(logits.subarray(0, K * V).every(Number.isNaN)).toBe(true);
      expect(logits.subarray(K * V).every(Number.isFinite)).toBe(true);
      await expect(generation.next()).rejects.toThrow('codebook 0 at step 0');
    });
  });
});
