/** The codec's decoder of a pack in the kernels: codes → PCM, as a stream. Structures: assemblyscript/codec-decoder.ts. */

import type { CodecStream } from '../engine.ts';
import { joined } from '../joined.ts';
import type { KernelMemory, Kernels } from '../kernels/kernels.ts';
import type { ModelManifest } from '../model-manifest.ts';
import type { TensorFile } from '../safetensors.ts';
import { createStftStream, type StftStream } from '../stft-stream.ts';
import { countOf, createLayout, EPSILON, halvesBytes, type Layout } from './layout.ts';

export interface WasmCodecDecoder {
  /** A new sound. */
  open(): CodecStream;
}

/** Codec frames that one call of the kernel takes in. */
const MOST = 16;
/** Codec frames that the first convolution looks ahead, as in assemblyscript/codec-decoder.ts. */
export const AHEAD = 3;
const WINDOW = 2 * AHEAD + 1;
const KERNEL = 7;

interface Shape {
  numCodebooks: number;
  codebookSize: number;
  /** D */
  latent: number;
  /** C */
  width: number;
  hidden: number;
  bins: number;
  channels: number;
  /** Blocks at codec-frame rate, and at twice that. */
  slow: number;
  fast: number;
}

/** @throws ModelPackError that names the tensor if one is missing or of another shape. */
export function createWasmCodecDecoder(
  kernels: Kernels,
  manifest: ModelManifest,
  tensors: TensorFile,
): WasmCodecDecoder {
  const { memory, call } = kernels;
  const layout = createLayout(kernels, tensors);
  const shape = shapeOf(manifest, tensors);
  const model = layModel(layout, shape);
  const codesRoom = layout.room(2 * shape.numCodebooks * MOST);
  const { stft, sampleRate, codecFrameRate } = manifest;
  const longest = (MOST + AHEAD) * (sampleRate / codecFrameRate) + stft.size;
  const pcmRoom = layout.room(4 * longest);
  const free: Stream[] = [];

  function pushSome(stream: Stream, codes: Uint16Array[], last: boolean): Float32Array {
    const count = codes[0]!.length;
    const room = memory.u16(codesRoom, shape.numCodebooks * count);
    codes.forEach((row, k) => {
      room.set(row, k * count);
    });
    const { address } = stream;
    const written = call.pushCodes(model, address, codesRoom, count, count, last, pcmRoom);
    return memory.f32(pcmRoom, written).slice();
  }

  return {
    open() {
      const stream = free.pop() ?? layStream(layout, shape, manifest);
      resetStream(memory, stream);
      let open = true;
      return {
        async push(codes, codecFrames, last) {
          const parts: Float32Array[] = [];
          let from = 0;
          do {
            const to = Math.min(from + MOST, codecFrames);
            const rows = Array.from({ length: shape.numCodebooks }, (_, k) =>
              codes.subarray(k * codecFrames + from, k * codecFrames + to),
            );
            from = to;
            parts.push(pushSome(stream, rows, last && to === codecFrames));
          } while (from < codecFrames);
          return joined(parts);
        },
        dispose() {
          if (open) free.push(stream);
          open = false;
        },
      };
    },
  };
}

function shapeOf(manifest: ModelManifest, tensors: TensorFile): Shape {
  const [width = 0] = tensors.get('decoder.ahead.weight').shape;
  const [hidden = 0] = tensors.get('decoder.slow.0.up.weight').shape;
  return {
    ...{ numCodebooks: manifest.numCodebooks, codebookSize: manifest.codebookSize },
    ...{ width, hidden, latent: tensors.get('codebooks.0').shape[1] ?? 0 },
    ...{ bins: manifest.stft.size / 2 + 1, channels: manifest.partials?.channels ?? 0 },
    ...{ slow: countOf(tensors, /^decoder\.slow\.(\d+)\./) },
    ...{ fast: countOf(tensors, /^decoder\.fast\.(\d+)\./) },
  };
}

function layModel(layout: Layout, shape: Shape): number {
  const { numCodebooks, codebookSize, latent, width, bins, channels } = shape;
  const biased = { bias: true };
  const codebooks = Array.from({ length: numCodebooks }, (_, k) =>
    layout.codebook(`codebooks.${k}`, latent, codebookSize),
  );
  const blocks = (name: string, count: number) =>
    layout.struct(
      Array.from({ length: count }, (_, i) => layBlock(layout, `decoder.${name}.${i}`, shape)),
    );
  return layout.struct([
    ...[numCodebooks, layout.struct(codebooks)],
    layout.matrix('decoder.ahead', WINDOW * latent, width, {
      ...biased,
      shape: [width, latent, WINDOW],
      turn: (data) => swapInner(data, latent, WINDOW),
    }),
    layout.norm('decoder.norm_in', width, EPSILON),
    ...[shape.slow, blocks('slow', shape.slow)],
    layout.matrix('decoder.upsample', width, 2 * width, biased),
    ...[shape.fast, blocks('fast', shape.fast)],
    layout.norm('decoder.norm_out', width, EPSILON),
    layout.matrix('decoder.head', width, 3 * bins + 2 * channels, biased),
    layout.matrix('decoder.direct', latent, 2 * (bins + 2 * channels), biased),
    ...[bins, channels],
    layout.table('decoder.centre', [channels]),
    layout.table('decoder.width', [channels]),
  ]);
}

function layBlock(layout: Layout, name: string, { width, hidden }: Shape): number {
  const depthwise = layout.tensors.f32(`${name}.depthwise.weight`, [width, 1, KERNEL]);
  return layout.struct([
    layout.f32(swapInner(depthwise, width, KERNEL)),
    layout.table(`${name}.depthwise.bias`, [width]),
    KERNEL,
    layout.norm(`${name}.norm`, width, EPSILON),
    layout.matrix(`${name}.up`, width, hidden, { bias: true }),
    layout.matrix(`${name}.down`, hidden, width, { bias: true }),
    layout.table(`${name}.scale`, [width]),
  ]);
}

/** [outer, rows, columns] → [outer, columns, rows] */
export function swapInner<A extends Float32Array | Int8Array>(
  data: A,
  rows: number,
  columns: number,
): A {
  const turned = data.slice() as A;
  const block = rows * columns;
  for (let i = 0; i < data.length; i++) {
    const inside = i % block;
    const at = i - inside + (inside % columns) * rows + Math.floor(inside / columns);
    turned[at] = data[i]!;
  }
  return turned;
}

/** What one sound remembers between two pushes. */
interface Stream {
  address: number;
  /** What is zeros at the beginning: address and count of f32. */
  zeros: [address: number, count: number][];
  stft: StftStream;
}

function layStream(layout: Layout, shape: Shape, manifest: ModelManifest): Stream {
  const { latent, width, hidden, bins, channels } = shape;
  const rows = MOST + AHEAD;
  const head = 3 * bins + 2 * channels;
  const widest = Math.max(WINDOW * latent, hidden, 2 * width);
  const latents = layout.room(4 * (2 * AHEAD + rows) * latent);
  const histories = Array.from({ length: shape.slow + shape.fast }, () =>
    layout.room(4 * (KERNEL - 1 + 2 * rows) * width),
  );
  const { stft: stftShape, sampleRate } = manifest;
  const stft = createStftStream(layout.memory, { ...stftShape, sampleRate }, channels);
  const address = layout.struct([
    ...[0, latents, layout.struct(histories), stft.address],
    ...[1, 2, 3].map(() => layout.room(8 * rows * width)),
    layout.room(8 * rows * Math.max(head, hidden)),
    layout.room(8 * rows * (bins + 2 * channels)),
    layout.room(2 * rows * halvesBytes(widest)),
  ]);
  const past = histories.map((history): [number, number] => [history, (KERNEL - 1) * width]);
  return { address, stft, zeros: [[latents, 2 * AHEAD * latent], ...past] };
}

function resetStream(memory: KernelMemory, { address, stft, zeros }: Stream): void {
  memory.u32(address, 1)[0] = 0; // codec frames pushed so far
  for (const [at, count] of zeros) memory.f32(at, count).fill(0);
  stft.reset();
}
