/** Twin of assemblyscript/crossfade.ts. */
const f = Math.fround;

export function crossfade(
  head: Float32Array,
  tail: Float32Array,
  correlation: number,
): Float32Array {
  return head.map((sample, i) => {
    const t = f((i + 0.5) / head.length);
    const [rise, fall] = [f(Math.sqrt(t)), f(Math.sqrt(f(1 - t)))];
    const power = f(1 + f(2 * f(correlation) * f(rise * fall)));
    return f(f(sample * rise) + f((tail[i] ?? 0) * fall)) / f(Math.sqrt(power));
  });
}
