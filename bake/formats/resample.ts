/**
 * Resampling of a whole clip by a windowed sinc: what is below half of the lower sample rate stays, what is above goes.
 *
 *   in    ·   ·   ·   ·   ·        out[k] = Σ in[i] · sinc(k · step − i) · window      32 samples to either side
 *   out   • • • • • • • • •        beyond its ends a one-shot is silent, and a loop is itself again
 *
 * A loop comes out as a loop: its length is rounded to a whole sample and `step` follows that, so that nothing is cut
 * off at its end. Kaiser's window, β = 9: images are 90 dB down. Slow and exact, for baking; the plugin's own
 * (plugin/voices/resampler.ts) is fast and streams.
 */
const HALF_WIDTH = 32;
/** Steps of the table for one sample; straight lines between them are within −115 dB. */
const FINENESS = 512;
const BETA = 9;

/** Once for all clips. */
let sinc: Float64Array | undefined;

export function resample(
  pcm: Float32Array,
  rates: { from: number; to: number },
  isLoop: boolean,
): Float32Array {
  const { from, to } = rates;
  if (from === to) return pcm.slice();
  const exact = (pcm.length * to) / from;
  const length = isLoop ? Math.round(exact) : Math.ceil(exact);
  const step = isLoop ? pcm.length / length : from / to;
  const cutoff = Math.min(1, to / from);
  sinc ??= sincTable();
  const table = sinc;
  const padded = pad(pcm, Math.ceil(HALF_WIDTH / cutoff) + 1, isLoop);
  return Float32Array.from({ length }, (_, k) => at(padded, k * step, cutoff, table));
}

interface Padded {
  pcm: Float32Array;
  /** Samples before the clip's first, and after its last. */
  margin: number;
}

function pad(clip: Float32Array, margin: number, isLoop: boolean): Padded {
  const pcm = new Float32Array(clip.length + 2 * margin);
  pcm.set(clip, margin);
  if (!isLoop) return { pcm, margin };
  for (let i = 0; i < margin; i++) {
    pcm[margin - 1 - i] = clip.at(-1 - (i % clip.length)) ?? 0;
    pcm[margin + clip.length + i] = clip[i % clip.length] ?? 0;
  }
  return { pcm, margin };
}

/** The value between the samples. */
function at({ pcm, margin }: Padded, position: number, cutoff: number, table: Float64Array) {
  const reach = HALF_WIDTH / cutoff;
  const last = Math.floor(position + reach);
  let sum = 0;
  for (let i = Math.ceil(position - reach); i <= last; i++) {
    const place = Math.abs(position - i) * cutoff * FINENESS;
    const entry = Math.floor(place);
    const before = table[entry]!;
    const weight = before + (place - entry) * (table[entry + 1]! - before);
    sum += (pcm[margin + i] ?? 0) * weight;
  }
  return sum * cutoff;
}

/** One side: from the middle to where it ends, and a zero more. */
function sincTable(): Float64Array {
  const end = HALF_WIDTH * FINENESS;
  return Float64Array.from({ length: end + 2 }, (_, i) => {
    const x = i / FINENESS;
    if (i === 0) return 1;
    if (i >= end) return 0;
    const window = bessel(BETA * Math.sqrt(1 - (x / HALF_WIDTH) ** 2)) / bessel(BETA);
    return (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  });
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
