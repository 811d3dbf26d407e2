/**
 * What a convolution looks at, laid out as rows for a linear layer; beyond the edges is 0.
 *
 *   image [T, B, C]      3 × 3 around every stride-th place  ──▶  rows [T/st · B/sb, 9 · C]      (time, band, channel)
 *   signal [T, C]        3 at t − dilation, t, t + dilation  ──▶  rows [T, 3 · C]
 */

/** f32 [times, bands, channels], row-major. */
export interface Image {
  values: Float32Array;
  times: number;
  bands: number;
  channels: number;
}

export interface Strides {
  time: number;
  band: number;
}

/** @returns rows, and how many places in time and in bands they are */
export function imagePatches(image: Image, stride: Strides): Omit<Image, 'channels'> {
  const { values, times, bands, channels } = image;
  const [outTimes, outBands] = [Math.ceil(times / stride.time), Math.ceil(bands / stride.band)];
  const rows = new Float32Array(outTimes * outBands * 9 * channels);
  let to = 0;
  for (let t = 0; t < outTimes; t++) {
    for (let b = 0; b < outBands; b++) {
      for (let dt = -1; dt <= 1; dt++) {
        to = copyBands(image, t * stride.time + dt, b * stride.band - 1, values, rows, to);
      }
    }
  }
  return { values: rows, times: outTimes, bands: outBands };
}

/** Three neighbouring bands of one moment. @returns where to go on */
function copyBands(
  { times, bands, channels }: Image,
  time: number,
  band: number,
  values: Float32Array,
  rows: Float32Array,
  to: number,
): number {
  if (time >= 0 && time < times) {
    const first = Math.max(0, band);
    const last = Math.min(bands, band + 3);
    const from = (time * bands + first) * channels;
    const part = values.subarray(from, from + (last - first) * channels);
    rows.set(part, to + (first - band) * channels);
  }
  return to + 3 * channels;
}

/** @param values f32 [T, channels] */
export function signalPatches(
  values: Float32Array,
  channels: number,
  dilation: number,
): Float32Array {
  const times = values.length / channels;
  const rows = new Float32Array(3 * values.length);
  for (let t = 0; t < times; t++) {
    for (let tap = 0; tap < 3; tap++) {
      const time = t + (tap - 1) * dilation;
      if (time < 0 || time >= times) continue;
      const part = values.subarray(time * channels, (time + 1) * channels);
      rows.set(part, (3 * t + tap) * channels);
    }
  }
  return rows;
}
