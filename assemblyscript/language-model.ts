/**
 * The token language model: a text once, then one call a step.
 *
 *   readText()    text states f32[L, E] → cross-attention keys and values f32[layers, L + 1, 2C], once a prompt
 *   nextColumn()  column u16[K] of step s − 1 → column of step s, all in one call: transformer, guidance, sampling,
 *                 delay pattern
 *
 * K codebooks, V codebook size, C width, E text width, L text tokens, B batch: 1, or 2 with guidance (row 0 the
 * prompt, row 1 the null condition). The null condition's text is zeros and keys and values have no bias, so its
 * cross-attention adds nothing and is not computed. Keys and values of the last `window` steps lie in a ring.
 *
 * Source: Kreuk et al. 2023 (AudioGen), arXiv:2209.15352; Copet et al. 2023, arXiv:2306.05284.
 * Twins: test/reference/language-model.ts, training/language_model.py.
 */
import { attend } from './attend';
import { gelu } from './gelu';
import { apply, Matrix, Norm, normalise } from './model';
import { rotate } from './rotate';
import { addLookUp, addRows } from './rows';
import { sampleCodebook } from './sample';

@unmanaged
class LanguageModel {
  layers: i32;
  heads: i32;
  headDim: i32;
  window: i32;
  numCodebooks: i32;
  codebookSize: i32;
  /** Matrix[K], addresses: the embeddings of codes and of "none yet" (V) */
  tables: usize;
  /** f32[headDim / 2] */
  frequencies: usize;
  /** Block[layers], addresses */
  blocks: usize;
  normOut: Norm;
  /** C → K · V */
  readout: Matrix;
  textNorm: Norm;
  textIn: Matrix;
  /** f32[…, C] */
  textPositions: usize;
  numTextBlocks: i32;
  /** TextBlock[numTextBlocks], addresses */
  textBlocks: usize;
}

@unmanaged
class Block {
  normSelf: Norm;
  queryKeyValue: Matrix;
  selfOut: Matrix;
  normCross: Norm;
  crossQuery: Matrix;
  crossKeyValue: Matrix;
  crossOut: Matrix;
  normFeed: Norm;
  up: Matrix;
  down: Matrix;
}

@unmanaged
class TextBlock {
  normSelf: Norm;
  queryKeyValue: Matrix;
  out: Matrix;
  normFeed: Norm;
  up: Matrix;
  down: Matrix;
}

/** One generation in progress. */
@unmanaged
class Generation {
  batch: i32;
  codecFrames: i32;
  /** Steps done; nextColumn() counts it up. */
  step: i32;
  /** L + 1 */
  crossRows: i32;
  /** f32[layers, crossRows, 2C] */
  cross: usize;
  /** f32[layers, batch, window, 2C]: keys, then values */
  ring: usize;
  /** u16[K] */
  column: usize;
  room: Room;
}

/** Work space of all generations: R rows, the larger of 2 and L + 1. */
@unmanaged
class Room {
  /** f32[R, C] */
  x: usize;
  /** f32[R, C] */
  y: usize;
  /** f32[R, max(4C, E)] */
  wide: usize;
  /** R rows of max(4C, E), see halves.ts */
  halves: usize;
  /** f32[max(window, R) rounded up to 4] */
  scores: usize;
  /** f32[2, K, V] */
  logits: usize;
  /** u16[K] */
  codes: usize;
  /** See sample.ts. */
  entries: usize;
  work: usize;
  weights: usize;
  block: usize;
}

/**
 * The text's tokens behind their mean, brought to the model's width, looked over by the text blocks.
 *
 *   states  f32[length, E]
 *   length  i32 ≥ 1
 */
export function readText(model: LanguageModel, states: usize, length: i32, g: Generation): void {
  const room = g.room;
  const rows = length + 1;
  const width = model.textIn.outputs;
  meanInFront(states, length, model.textIn.inputs, room.wide);
  normalise(model.textNorm, room.wide, rows, room.wide);
  apply(model.textIn, room.wide, rows, room.halves, room.x);
  addRows(room.x, model.textPositions, rows * width);
  for (let i = 0; i < model.numTextBlocks; i++) {
    lookOver(load<TextBlock>(model.textBlocks + ((<usize>i) << 2)), model.heads, rows, room);
  }
  const bytes = (<usize>(rows * width)) << 3;
  for (let layer = 0; layer < model.layers; layer++) {
    const block = blockOf(model, layer);
    apply(block.crossKeyValue, room.x, rows, room.halves, g.cross + <usize>layer * bytes);
  }
}

function blockOf(model: LanguageModel, layer: i32): Block {
  return load<Block>(model.blocks + ((<usize>layer) << 2));
}

/** out: the mean of the rows, then the rows. */
function meanInFront(states: usize, length: i32, width: i32, out: usize): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, bytes);
  for (let i = 0; i < length; i++) addRows(out, states + <usize>i * bytes, width);
  for (let at = out; at < out + bytes; at += 4) store<f32>(at, load<f32>(at) / <f32>length);
  memory.copy(out + bytes, states, <usize>length * bytes);
}

/** One text block over x[rows, C], in place. */
function lookOver(block: TextBlock, heads: i32, rows: i32, room: Room): void {
  const width = block.out.outputs;
  const stride = (3 * width) << 2;
  normalise(block.normSelf, room.x, rows, room.y);
  apply(block.queryKeyValue, room.y, rows, room.halves, room.wide);
  const key = room.wide + ((<usize>width) << 2);
  const value = key + ((<usize>width) << 2);
  for (let i = 0; i < rows; i++) {
    const query = room.wide + <usize>i * <usize>stride;
    const mixed = room.y + ((<usize>(i * width)) << 2);
    attend(query, key, value, stride, rows, heads, width / heads, room.scores, mixed);
  }
  apply(block.out, room.y, rows, room.halves, room.wide);
  addRows(room.x, room.wide, rows * width);
  feedForward(block.normFeed, block.up, block.down, rows, room);
}

/** x += down(gelu(up(norm(x)))) */
function feedForward(norm: Norm, up: Matrix, down: Matrix, rows: i32, room: Room): void {
  normalise(norm, room.x, rows, room.y);
  apply(up, room.y, rows, room.halves, room.wide);
  gelu(room.wide, rows * up.outputs);
  apply(down, room.wide, rows, room.halves, room.y);
  addRows(room.x, room.y, rows * down.outputs);
}

/**
 * One step.
 *
 *   guidanceScale, temperature, topK, topP, seed   see sample.ts
 *   return  i32   0, or −1 − k when the logits of codebook k hold NaN or Infinity; the column is then unchanged
 */
export function nextColumn(
  model: LanguageModel,
  g: Generation,
  guidanceScale: f32,
  temperature: f32,
  topK: i32,
  topP: f64,
  seed: u32,
): i32 {
  computeLogits(model, g);
  const room = g.room;
  const size = model.codebookSize;
  const uncond = (<usize>(model.numCodebooks * size)) << 2;
  for (let k = 0; k < model.numCodebooks; k++) {
    const logits = room.logits + ((<usize>(k * size)) << 2);
    const code = sampleCodebook(
      logits,
      g.batch === 2 ? logits + uncond : 0,
      size,
      guidanceScale,
      temperature,
      topK,
      topP,
      seed,
      g.step,
      k,
      room.entries,
      room.work,
      room.weights,
      room.block,
    );
    if (code < 0) return -1 - k;
    store<u16>(room.codes + ((<usize>k) << 1), <u16>code);
  }
  delayColumn(model, g);
  g.step++;
  return 0;
}

/** The codes become the column; where the delay pattern has none (runtime/delay-pattern.ts) it is V. */
function delayColumn(model: LanguageModel, g: Generation): void {
  for (let k = 0; k < model.numCodebooks; k++) {
    const at = (<usize>k) << 1;
    const inPattern = g.step >= k && g.step - k < g.codecFrames;
    store<u16>(g.column + at, inPattern ? load<u16>(g.room.codes + at) : <u16>model.codebookSize);
  }
}

/** The transformer: column → logits f32[B, K, V] in the room. */
export function computeLogits(model: LanguageModel, g: Generation): void {
  const room = g.room;
  embedColumn(model, g);
  for (let layer = 0; layer < model.layers; layer++) {
    const block = blockOf(model, layer);
    lookBack(model, block, layer, g);
    if (g.crossRows > 0) lookAtText(model, block, layer, g);
    feedForward(block.normFeed, block.up, block.down, g.batch, room);
  }
  normalise(model.normOut, room.x, g.batch, room.y);
  apply(model.readout, room.y, g.batch, room.halves, room.logits);
}

function embedColumn(model: LanguageModel, g: Generation): void {
  const width = model.heads * model.headDim;
  const bytes = (<usize>width) << 2;
  const x = g.room.x;
  memory.fill(x, 0, bytes);
  for (let k = 0; k < model.numCodebooks; k++) {
    const table = load<Matrix>(model.tables + ((<usize>k) << 2));
    addLookUp(table.weights, table.scales, width, <i32>load<u16>(g.column + ((<usize>k) << 1)), x);
  }
  if (g.batch === 2) memory.copy(x + bytes, x, bytes);
}

/** Self-attention over the ring. */
function lookBack(model: LanguageModel, block: Block, layer: i32, g: Generation): void {
  const room = g.room;
  const width = model.heads * model.headDim;
  const bytes = (<usize>width) << 2;
  const stride = (<i32>bytes) << 1;
  const count = min(g.step + 1, model.window);
  normalise(block.normSelf, room.x, g.batch, room.y);
  apply(block.queryKeyValue, room.y, g.batch, room.halves, room.wide);
  for (let row = 0; row < g.batch; row++) {
    const query = room.wide + <usize>row * 3 * bytes;
    const ring = g.ring + <usize>((layer * g.batch + row) * model.window) * <usize>stride;
    rotate(query, 2 * model.heads, model.headDim, model.frequencies, g.step);
    const slot = ring + <usize>(g.step % model.window) * <usize>stride;
    memory.copy(slot, query + bytes, <usize>stride);
    const mixed = room.y + <usize>row * bytes;
    attend(
      query,
      ring,
      ring + bytes,
      stride,
      count,
      model.heads,
      model.headDim,
      room.scores,
      mixed,
    );
  }
  apply(block.selfOut, room.y, g.batch, room.halves, room.wide);
  addRows(room.x, room.wide, g.batch * width);
}

/** Cross-attention of row 0. */
function lookAtText(model: LanguageModel, block: Block, layer: i32, g: Generation): void {
  const room = g.room;
  const width = model.heads * model.headDim;
  const bytes = (<usize>width) << 2;
  const stride = (<i32>bytes) << 1;
  const cross = g.cross + <usize>(layer * g.crossRows) * <usize>stride;
  normalise(block.normCross, room.x, 1, room.y);
  apply(block.crossQuery, room.y, 1, room.halves, room.wide);
  attend(
    room.wide,
    cross,
    cross + bytes,
    stride,
    g.crossRows,
    model.heads,
    model.headDim,
    room.scores,
    room.y,
  );
  apply(block.crossOut, room.y, 1, room.halves, room.wide);
  addRows(room.x, room.wide, width);
}
