/** Twins of spectrum-head.ts and codec-decoder.ts in assemblyscript/, in f64, a whole sound at once. */

/** What the decoder says of one STFT frame. */
export interface StftFrame {
  real: Float64Array;
  imag: Float64Array;
  noise: Float64Array;
  gain: Float64Array;
  frequency: Float64Array;
}

/** f64 or f32. */
type Row = ArrayLike<number>;

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
