/** Twin of assemblyscript/crossfade.ts. */
const f = Math.fround;

export function crossfade(head: Float32Array, tail: Float32Array): Float32Array {
  return head.map((sample, i) => {
    const t = f((i + 0.5) / head.length);
    return f(sample * f(Math.sqrt(t))) + f(tail[i]! * f(Math.sqrt(f(1 - t))));
  });
}
