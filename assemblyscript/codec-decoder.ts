/**
 * The codec's decoder as a stream: codes go in a few codec frames at a time, PCM comes out.
 *
 *   codes [K, T] → latents (sum of code vectors) → convolution that looks 3 codec frames ahead → causal ConvNeXt
 *   blocks at codec-frame rate → twice as many rows → causal ConvNeXt blocks → bins, noise and partials of two STFT
 *   frames per codec frame → PCM by inverse STFT (stft-stream.ts)
 *
 *   pushed   p p p p p p p         what the stream has been given
 *   decoded  d d d d · · ·         3 codec frames behind, until the last push
 *
 * Each row is computed the same way however the codes are cut into pushes, so streamed is bit for bit whole.
 *
 * D latent width, C decoder width, N STFT size. Source: Siuzdak 2023 (Vocos), arXiv:2306.00814; Liu et al. 2022
 * (ConvNeXt), arXiv:2201.03545. Twins: test/reference/codec-decoder.ts, training/codec.py.
 */
import { convolveDepthwise } from './convolve';
import { gelu } from './gelu';
import { splitHalves } from './halves';
import { apply, Matrix, multiplyBy, Norm, normalise } from './model';
import { addLookUp, addScaledRows } from './rows';
import { readHead } from './spectrum-head';
import { addStftFrame, StftStream } from './stft-stream';

/** Codec frames that the first convolution looks ahead, and as many back. */
const AHEAD = 3;
const WINDOW = 2 * AHEAD + 1;

@unmanaged
class CodecDecoder {
  numCodebooks: i32;
  /** Matrix[K], addresses: code vectors, i8[V, D] */
  codebooks: usize;
  /** WINDOW · D → C; its columns are ordered by codec frame, then latent. */
  ahead: Matrix;
  normIn: Norm;
  numSlow: i32;
  /** ConvBlock[numSlow], addresses */
  slow: usize;
  /** C → 2C */
  upsample: Matrix;
  numFast: i32;
  fast: usize;
  normOut: Norm;
  /** C → 3 · bins + 2 · channels */
  head: Matrix;
  /** D → 2 · (bins + 2 · channels) */
  direct: Matrix;
  bins: i32;
  channels: i32;
  /** f32[channels], Hz */
  centre: usize;
  width: usize;
}

@unmanaged
class ConvBlock {
  /** f32[kernel, C] */
  depthwise: usize;
  depthwiseBias: usize;
  kernel: i32;
  norm: Norm;
  up: Matrix;
  down: Matrix;
  /** f32[C] */
  scale: usize;
}

/** One stream: what it remembers, and room for `most` codec frames a push. */
@unmanaged
class CodecStream {
  /** Codec frames pushed so far. */
  pushed: i32;
  /** f32[2 · AHEAD + most + AHEAD, D]: the last latents, then new ones */
  latents: usize;
  /** Per block, slow ones first: f32[kernel − 1 + rows, C], the last rows of its input before the new ones; addresses */
  histories: usize;
  stft: StftStream;
  /** f32[2 · most, C] thrice */
  x: usize;
  y: usize;
  z: usize;
  /** f32[2 · most, the widest output] */
  wide: usize;
  /** f32[most, outputs of `direct`] */
  direct: usize;
  halves: usize;
}

/**
 * Takes in `count` codec frames.
 *
 *   codes   u16[K][count]  rows `stride` codes apart
 *   last    true: what lies ahead of the end is silence, and all of the rest comes out
 *   pcm     f32, room for all that may come: hop · STFT frames, plus an STFT frame
 *   return  i32            samples written
 */
export function pushCodes(
  model: CodecDecoder,
  stream: CodecStream,
  codes: usize,
  stride: i32,
  count: i32,
  last: bool,
  pcm: usize,
): i32 {
  const decodedBefore = max(stream.pushed - AHEAD, 0);
  const firstRow = decodedBefore - (stream.pushed - AHEAD);
  takeIn(model, stream, codes, stride, count);
  stream.pushed += count;
  const rows = (last ? stream.pushed : max(stream.pushed - AHEAD, 0)) - decodedBefore;
  if (rows > 0) decodeRows(model, stream, firstRow, rows);
  forget(model, stream, count);
  let written = 0;
  for (let row = 0; row < 2 * rows; row++) {
    readHead(
      stream.wide + <usize>row * ((<usize>model.head.outputs) << 2),
      stream.direct + <usize>row * ((<usize>(model.direct.outputs >> 1)) << 2),
      model.bins,
      model.channels,
      model.centre,
      model.width,
      stream.stft,
    );
    written += addStftFrame(
      stream.stft,
      last && row === 2 * rows - 1,
      pcm + ((<usize>written) << 2),
    );
  }
  return written;
}

/** The new latents behind the remembered ones, zeros behind them. */
function takeIn(
  model: CodecDecoder,
  stream: CodecStream,
  codes: usize,
  stride: i32,
  count: i32,
): void {
  const bytes = (<usize>model.direct.inputs) << 2;
  const begin = stream.latents + 2 * AHEAD * bytes;
  memory.fill(begin, 0, <usize>(count + AHEAD) * bytes);
  for (let t = 0; t < count; t++) {
    for (let k = 0; k < model.numCodebooks; k++) {
      const table = load<Matrix>(model.codebooks + ((<usize>k) << 2));
      const code = <i32>load<u16>(codes + ((<usize>(k * stride + t)) << 1));
      const sum = begin + <usize>t * bytes;
      addLookUp(table.weights, table.scales, model.direct.inputs, code, sum);
    }
  }
}

/** Keeps the last 2 · AHEAD latents. */
function forget(model: CodecDecoder, stream: CodecStream, count: i32): void {
  const bytes = (<usize>model.direct.inputs) << 2;
  memory.copy(stream.latents, stream.latents + <usize>count * bytes, 2 * AHEAD * bytes);
}

/** Latents from row `first` on → what the head says, in `wide` and `direct`. */
function decodeRows(model: CodecDecoder, stream: CodecStream, first: i32, rows: i32): void {
  const bytes = <i32>((<usize>model.direct.inputs) << 2);
  const windows = stream.latents + <usize>(first * bytes);
  splitHalves(windows, bytes, rows, WINDOW * model.direct.inputs, stream.halves);
  multiplyBy(model.ahead, stream.halves, rows, stream.x);
  normalise(model.normIn, stream.x, rows, stream.x);
  for (let i = 0; i < model.numSlow; i++) convBlock(model.slow, i, stream, i, rows);
  apply(model.upsample, stream.x, rows, stream.halves, stream.y);
  memory.copy(stream.x, stream.y, (<usize>(rows * model.upsample.outputs)) << 2);
  for (let i = 0; i < model.numFast; i++) {
    convBlock(model.fast, i, stream, model.numSlow + i, 2 * rows);
  }
  normalise(model.normOut, stream.x, 2 * rows, stream.y);
  apply(model.head, stream.y, 2 * rows, stream.halves, stream.wide);
  apply(model.direct, windows + <usize>(AHEAD * bytes), rows, stream.halves, stream.direct);
}

/** x += scale · down(gelu(up(norm(depthwise(x))))), causal. */
function convBlock(blocks: usize, index: i32, stream: CodecStream, history: i32, rows: i32): void {
  const block = load<ConvBlock>(blocks + ((<usize>index) << 2));
  const past = load<usize>(stream.histories + ((<usize>history) << 2));
  const width = block.down.outputs;
  const bytes = (<usize>width) << 2;
  const kept = <usize>(block.kernel - 1) * bytes;
  memory.copy(past + kept, stream.x, <usize>rows * bytes);
  convolveDepthwise(
    past,
    rows,
    width,
    block.depthwise,
    block.depthwiseBias,
    block.kernel,
    stream.y,
  );
  memory.copy(past, past + <usize>rows * bytes, kept);
  normalise(block.norm, stream.y, rows, stream.y);
  apply(block.up, stream.y, rows, stream.halves, stream.wide);
  gelu(stream.wide, rows * block.up.outputs);
  apply(block.down, stream.wide, rows, stream.halves, stream.z);
  addScaledRows(stream.x, stream.z, block.scale, rows, width);
}
