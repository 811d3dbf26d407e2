/** Twins of spectrum-head.ts and codec-decoder.ts in assemblyscript/, in f64, a whole sound at once. */
import { add } from './text-encoder.ts';
import { gelu, layerNorm, type Row, total } from './transformer.ts';
import type { Weights } from './weights.ts';

/** What the decoder says of one STFT frame. */
export interface StftFrame {
  real: Float64Array;
  imag: Float64Array;
  noise: Float64Array;
  gain: Float64Array;
  frequency: Float64Array;
}

/** The channels' places in Hz. */
export interface Channels {
  centre: Row;
  width: Row;
}

/** @param head [3 · bins + 2 · channels] @param direct [bins + 2 · channels], added to the last three parts */
export function readHead(head: Row, direct: Row, { centre, width }: Channels): StftFrame {
  const channels = centre.length;
  const bins = (head.length - 2 * channels) / 3;
  const floats = (count: number, value: (i: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => value(i));
  const cut = (x: number) => Math.min(Math.max(x, -16), 6);
  const added = (i: number) => head[2 * bins + i]! + direct[i]!;
  const magnitude = (i: number) => Math.exp(cut(head[i]!));
  return {
    real: floats(bins, (i) => magnitude(i) * Math.cos(head[bins + i]!)),
    imag: floats(bins, (i) => magnitude(i) * Math.sin(head[bins + i]!)),
    noise: floats(bins, (i) => Math.exp(cut(added(i)))),
    gain: floats(channels, (i) => Math.exp(cut(added(bins + i)))),
    frequency: floats(
      channels,
      (i) => centre[i]! + width[i]! * Math.tanh(added(bins + channels + i)),
    ),
  };
}

export interface DecoderShape {
  /** ConvNeXt blocks at codec-frame rate, and at twice that. */
  slow: number;
  fast: number;
}

const EPSILON = 1e-5;

/** @param codes [K][T] @returns 2T STFT frames */
export function decodeCodes(weights: Weights, codes: Row[], shape: DecoderShape): StftFrame[] {
  const norm = (name: string, x: Row) => layerNorm(x, weights.norm(name, EPSILON));
  const latents = Array.from(codes[0]!, (_, t) =>
    codes.map((row, k) => weights.row(`codebooks.${k}`, row[t]!)).reduce(add),
  );
  let x = latents.map((_, t) =>
    norm('decoder.norm_in', weights.linear('decoder.ahead', windowAround(latents, t))),
  );
  for (let i = 0; i < shape.slow; i++) x = convBlock(weights, `decoder.slow.${i}`, x);
  x = x.flatMap((row) => inTwo(weights.linear('decoder.upsample', row)));
  for (let i = 0; i < shape.fast; i++) x = convBlock(weights, `decoder.fast.${i}`, x);
  const direct = latents.flatMap((latent) => inTwo(weights.linear('decoder.direct', latent)));
  const channels = {
    centre: weights.values('decoder.centre'),
    width: weights.values('decoder.width'),
  };
  return x.map((row, j) =>
    readHead(weights.linear('decoder.head', norm('decoder.norm_out', row)), direct[j]!, channels),
  );
}

/** Latents t − 3 … t + 3, zeros outside the sound: [D, 7] */
function windowAround(latents: Float64Array[], t: number): number[] {
  return Array.from(latents[t]!, (_, d) =>
    [-3, -2, -1, 0, 1, 2, 3].map((lag) => latents[t + lag]?.[d] ?? 0),
  ).flat();
}

/** x + scale · down(gelu(up(norm(depthwise x)))); the kernel of 7 ends at its own row. */
function convBlock(weights: Weights, name: string, x: Float64Array[]): Float64Array[] {
  const depthwise = weights.values(`${name}.depthwise.weight`);
  const bias = weights.values(`${name}.depthwise.bias`);
  const scale = weights.values(`${name}.scale`);
  return x.map((row, t) => {
    const y = row.map((_, c) => {
      const taps = [0, 1, 2, 3, 4, 5, 6].map(
        (j) => depthwise[7 * c + j]! * (x[t + j - 6]?.[c] ?? 0),
      );
      return bias[c]! + total(taps);
    });
    const wide = weights.linear(`${name}.up`, layerNorm(y, weights.norm(`${name}.norm`, EPSILON)));
    const down = weights.linear(`${name}.down`, wide.map(gelu));
    return row.map((value, c) => value + scale[c]! * down[c]!);
  });
}

function inTwo(x: Float64Array): [Float64Array, Float64Array] {
  return [x.slice(0, x.length / 2), x.slice(x.length / 2)];
}
