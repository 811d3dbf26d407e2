/** Twin of assemblyscript/language-model.ts in f64: no ring, all keys kept; the null condition is a text of zeros. */
import { add } from './text-encoder.ts';
import { attend, gelu, layerNorm, type Row, rotate, total } from './transformer.ts';
import type { Weights } from './weights.ts';

export interface LanguageShape {
  layers: number;
  heads: number;
  window: number;
  textLayers: number;
}

const EPSILON = 1e-5;

/** @param states per token [E] @returns per token, their mean in front, [C] */
export function readText(weights: Weights, states: Row[], shape: LanguageShape): Float64Array[] {
  const norm = (name: string, x: Row) => layerNorm(x, weights.norm(name, EPSILON));
  const mean = Array.from(
    states[0]!,
    (_, i) => total(states.map((row) => row[i]!)) / states.length,
  );
  let x = [mean, ...states].map((row, i) =>
    add(
      weights.linear('lm.text_in', norm('lm.text_norm', row)),
      weights.row('lm.text_positions', i),
    ),
  );
  for (let layer = 0; layer < shape.textLayers; layer++) {
    const name = `lm.text_blocks.${layer}`;
    const parts = x.map((row) =>
      thirds(weights.linear(`${name}.qkv`, norm(`${name}.norm_self`, row))),
    );
    const [keys, values] = [parts.map(([, key]) => key), parts.map(([, , value]) => value)];
    x = x.map((row, i) => {
      const mixed = attend(parts[i]![0], keys, values, shape.heads);
      return feedForward(weights, name, add(row, weights.linear(`${name}.out`, mixed)));
    });
  }
  return x;
}

/** One row of a batch. @returns column [K] → logits [K · V], step after step */
export function startLogits(
  weights: Weights,
  text: Row[],
  { layers, heads, window }: LanguageShape,
): (column: ArrayLike<number>) => Float64Array {
  const norm = (name: string, x: Row) => layerNorm(x, weights.norm(name, EPSILON));
  const past = Array.from({ length: layers }, () => ({
    keys: [] as Float64Array[],
    values: [] as Float64Array[],
  }));
  const frequencies = weights.values('lm.rotary');
  let step = 0;

  function block(layer: number, x: Float64Array): Float64Array {
    const name = `lm.blocks.${layer}`;
    const linear = (part: string, row: Row) => weights.linear(`${name}.${part}`, row);
    const { keys, values } = past[layer]!;
    const [query, key, value] = thirds(linear('qkv', norm(`${name}.norm_self`, x)));
    keys.push(rotate(key, frequencies, step));
    values.push(value);
    const turned = rotate(query, frequencies, step);
    const seen = attend(turned, keys.slice(-window), values.slice(-window), heads);
    const afterSelf = add(x, linear('self_out', seen));
    const pairs = text.map((row) => halves(linear('cross_key_value', row)));
    const [textKeys, textValues] = [pairs.map(([k]) => k), pairs.map(([, v]) => v)];
    const asked = linear('cross_query', norm(`${name}.norm_cross`, afterSelf));
    const heard = attend(asked, textKeys, textValues, heads);
    return feedForward(weights, name, add(afterSelf, linear('cross_out', heard)));
  }

  return (column) => {
    let x = Array.from(column, (code, k) => weights.row(`lm.embeddings.${k}.weight`, code)).reduce(
      add,
    );
    for (let layer = 0; layer < layers; layer++) x = block(layer, x);
    step++;
    return weights.linear('lm.heads', norm('lm.norm_out', x));
  };
}

function feedForward(weights: Weights, name: string, x: Float64Array): Float64Array {
  const wide = weights.linear(
    `${name}.up`,
    layerNorm(x, weights.norm(`${name}.norm_feed`, EPSILON)),
  );
  return add(x, weights.linear(`${name}.down`, wide.map(gelu)));
}

function thirds(x: Float64Array): [Float64Array, Float64Array, Float64Array] {
  const size = x.length / 3;
  return [x.slice(0, size), x.slice(size, 2 * size), x.slice(2 * size)];
}

function halves(x: Float64Array): [Float64Array, Float64Array] {
  return [x.slice(0, x.length / 2), x.slice(x.length / 2)];
}
