/**
 * The language model of a pack in the kernels: text states → columns of codes, one call a step.
 * Structures: assemblyscript/language-model.ts.
 */
import type { TextEmbedding, TokenGeneration, TokenOptions } from '../engine.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelManifest } from '../model-manifest.ts';
import type { TensorFile } from '../safetensors.ts';
import { notFinite } from '../sampler.ts';
import { countOf, createLayout, EPSILON, halvesBytes, type Layout, roundUp } from './layout.ts';

export interface WasmLanguageModel {
  start(text: TextEmbedding, options: TokenOptions): TokenGeneration;
  /** What cross-attention sees of a text: f32 [layers, L + 1, 2, heads, headDim], keys then values. */
  read(text: TextEmbedding): Float32Array;
}

/** What the model's tensors are made of. */
interface Shape {
  layers: number;
  heads: number;
  headDim: number;
  window: number;
  numCodebooks: number;
  codebookSize: number;
  /** C */
  width: number;
  /** E */
  textWidth: number;
  /** L + 1 at most */
  textRows: number;
}

/** @throws ModelPackError that names the tensor if one is missing or of another shape. */
export function createWasmLanguageModel(
  kernels: Kernels,
  manifest: ModelManifest,
  tensors: TensorFile,
): WasmLanguageModel {
  const { memory, call } = kernels;
  const shape = shapeOf(manifest);
  const layout = createLayout(kernels, tensors);
  const model = layModel(layout, tensors, shape);
  const room = layRoom(layout, shape);
  const states = layout.room(4 * (shape.textRows - 1) * shape.textWidth);
  const logits = memory.u32(room + 4 * LOGITS, 1)[0]!;
  const free: number[] = [];

  function readInto(generation: number, text: TextEmbedding): void {
    memory.f32(states, text.data.length).set(text.data);
    call.readText(model, states, text.length, generation);
  }

  return {
    read(text) {
      const generation = free.pop() ?? layGeneration(layout, shape, room);
      readInto(generation, text);
      free.push(generation);
      const cross = memory.u32(generation, GENERATION.fields)[GENERATION.cross]!;
      return memory.f32(cross, 2 * shape.layers * (text.length + 1) * shape.width).slice();
    },
    start(text, options) {
      const { guidanceScale, temperature, topK, topP, seed, codecFrames } = options;
      const batch = guidanceScale === 1 ? 1 : 2;
      const generation = free.pop() ?? layGeneration(layout, shape, room);
      const fields = memory.u32(generation, GENERATION.fields);
      fields[GENERATION.batch] = batch;
      fields[GENERATION.codecFrames] = codecFrames;
      fields[GENERATION.step] = 0;
      fields[GENERATION.crossRows] = text.length + 1;
      const column = fields[GENERATION.column]!;
      memory.u16(column, shape.numCodebooks).fill(shape.codebookSize);
      readInto(generation, text);
      let step = 0;
      let open = true;
      return {
        async next() {
          // f32 cannot tell a temperature below 1e-38 from 0
          const failed = call.nextColumn(
            ...([model, generation, guidanceScale, temperature, topK, topP, seed] as const),
          );
          if (failed < 0) throw notFinite(-1 - failed, step);
          step++;
          return memory.u16(column, shape.numCodebooks);
        },
        async logits() {
          call.computeLogits(model, generation);
          return memory.f32(logits, batch * shape.numCodebooks * shape.codebookSize);
        },
        dispose() {
          if (open) free.push(generation);
          open = false;
        },
      };
    },
  };
}

function shapeOf({ languageModel, textEncoder, numCodebooks, codebookSize }: ModelManifest): Shape {
  return {
    ...languageModel,
    ...{ numCodebooks, codebookSize },
    width: languageModel.heads * languageModel.headDim,
    textWidth: textEncoder.width,
    textRows: textEncoder.maxTokens + 1,
  };
}

function layModel(layout: Layout, tensors: TensorFile, shape: Shape): number {
  const { layers, heads, headDim, window, numCodebooks, codebookSize, width, textWidth } = shape;
  const tables = Array.from({ length: numCodebooks }, (_, k) =>
    layout.matrix(`lm.embeddings.${k}`, width, codebookSize + 1),
  );
  const blocks = Array.from({ length: layers }, (_, i) => layBlock(layout, i, width));
  const numTextBlocks = countOf(tensors, /^lm\.text_blocks\.(\d+)\./);
  const textBlocks = Array.from({ length: numTextBlocks }, (_, i) =>
    layTextBlock(layout, i, width),
  );
  return layout.struct([
    ...[layers, heads, headDim, window, numCodebooks, codebookSize],
    layout.struct(tables),
    layout.table('lm.rotary', [headDim / 2]),
    layout.struct(blocks),
    layout.norm('lm.norm_out', width, EPSILON),
    layout.matrix('lm.heads', width, numCodebooks * codebookSize),
    layout.norm('lm.text_norm', textWidth, EPSILON),
    layout.matrix('lm.text_in', textWidth, width, { bias: true }),
    layout.table('lm.text_positions', [shape.textRows, width]),
    numTextBlocks,
    layout.struct(textBlocks),
  ]);
}

function layBlock(layout: Layout, index: number, width: number): number {
  const name = (part: string) => `lm.blocks.${index}.${part}`;
  return layout.struct([
    layout.norm(name('norm_self'), width, EPSILON),
    layout.matrix(name('qkv'), width, 3 * width),
    layout.matrix(name('self_out'), width, width),
    layout.norm(name('norm_cross'), width, EPSILON),
    layout.matrix(name('cross_query'), width, width),
    layout.matrix(name('cross_key_value'), width, 2 * width),
    layout.matrix(name('cross_out'), width, width),
    layout.norm(name('norm_feed'), width, EPSILON),
    layout.matrix(name('up'), width, 4 * width),
    layout.matrix(name('down'), 4 * width, width),
  ]);
}

function layTextBlock(layout: Layout, index: number, width: number): number {
  const name = (part: string) => `lm.text_blocks.${index}.${part}`;
  return layout.struct([
    layout.norm(name('norm_self'), width, EPSILON),
    layout.matrix(name('qkv'), width, 3 * width),
    layout.matrix(name('out'), width, width),
    layout.norm(name('norm_feed'), width, EPSILON),
    layout.matrix(name('up'), width, 2 * width),
    layout.matrix(name('down'), 2 * width, width),
  ]);
}

/** Index of the logits' address in Room. */
const LOGITS = 5;

function layRoom(layout: Layout, shape: Shape): number {
  const { window, numCodebooks, codebookSize, width, textRows } = shape;
  const rows = Math.max(2, textRows);
  const widest = Math.max(4 * width, shape.textWidth);
  return layout.struct([
    layout.room(4 * rows * width),
    layout.room(4 * rows * width),
    layout.room(4 * rows * widest),
    layout.room(rows * halvesBytes(widest)),
    layout.room(4 * roundUp(Math.max(window, rows), 4)),
    layout.room(8 * numCodebooks * codebookSize),
    layout.room(2 * numCodebooks),
    layout.room(8 * codebookSize),
    layout.room(8 * codebookSize + 1024),
    layout.room(4 * codebookSize),
    layout.room(16),
  ]);
}

/** Fields of Generation by index. */
const GENERATION = {
  batch: 0,
  codecFrames: 1,
  step: 2,
  crossRows: 3,
  cross: 4,
  column: 6,
  fields: 8,
};

/** With room for guidance and the longest text, so that it serves any request. */
function layGeneration(layout: Layout, shape: Shape, room: number): number {
  const { layers, window, width, textRows, numCodebooks } = shape;
  return layout.struct([
    ...[0, 0, 0, 0],
    layout.room(8 * layers * textRows * width),
    layout.room(16 * layers * window * width),
    layout.room(2 * numCodebooks),
    room,
  ]);
}
