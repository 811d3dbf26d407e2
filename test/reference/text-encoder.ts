/** Twin of assemblyscript/text-encoder.ts: the whole BERT in f64. */
import { attend, gelu, layerNorm, type Row } from './transformer.ts';
import type { Weights } from './weights.ts';

export interface TextShape {
  layers: number;
  heads: number;
  /** Counted from 1. */
  readLayers: number[];
}

const EPSILON = 1e-12;

/** @returns per token its states, those of the layers read side by side */
export function encodeText(
  weights: Weights,
  ids: number[],
  { layers, heads, readLayers }: TextShape,
): number[][] {
  const norm = (name: string, x: Row) => layerNorm(x, weights.norm(name, EPSILON));
  let x = ids.map((id, i) =>
    norm('text.norm', add(weights.row('text.words.weight', id), weights.row('text.positions', i))),
  );
  const states: Float64Array[][] = [x];
  for (let layer = 0; layer < layers; layer++) {
    const name = `text.layers.${layer}`;
    const project = (part: string) => x.map((row) => weights.linear(`${name}.${part}`, row));
    const [keys, values] = [project('key'), project('value')];
    const mixed = project('query').map((query) => attend(query, keys, values, heads));
    x = x.map((row, i) =>
      norm(`${name}.norm_attention`, add(row, weights.linear(`${name}.out`, mixed[i]!))),
    );
    x = x.map((row) => {
      const wide = weights.linear(`${name}.up`, row).map(gelu);
      return norm(`${name}.norm_out`, add(row, weights.linear(`${name}.down`, wide)));
    });
    states.push(x);
  }
  return ids.map((_, i) => readLayers.flatMap((layer) => [...states[layer]![i]!]));
}

export function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x + b[i]!);
}
