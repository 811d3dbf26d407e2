/** Level → colour, for the spectrogram: night, plum, ember, flame, from silence to full. Brightness only ever rises. */

type Stop = readonly [position: number, red: number, green: number, blue: number];

const STOPS: readonly Stop[] = [
  [0, 11, 12, 18],
  [0.2, 38, 26, 62],
  [0.4, 98, 33, 88],
  [0.6, 184, 58, 68],
  [0.8, 245, 132, 52],
  [0.93, 255, 205, 116],
  [1, 255, 246, 220],
];

/** RGB bytes of 256 levels: u8 [256, 3]. */
export function colourMap(): Uint8Array {
  const map = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) map.set(colourAt(level / 255), level * 3);
  return map;
}

function colourAt(position: number): number[] {
  const above = Math.max(
    1,
    STOPS.findIndex((stop) => stop[0] >= position),
  );
  const [from, to] = [STOPS[above - 1]!, STOPS[above]!];
  const t = (position - from[0]) / (to[0] - from[0]);
  return [1, 2, 3].map((channel) =>
    Math.round(from[channel]! + (to[channel]! - from[channel]!) * t),
  );
}
