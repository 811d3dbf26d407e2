/**
 * The text encoder, a BERT: token ids → token states.
 *
 *   ids     u16[length]
 *   length  i32 1 to the number of positions
 *   room    work space, see TextRoom
 *   out     f32[length, reads · width]   states of the layers in `readLayers`, side by side
 *
 *   x = norm(words[id] + positions[i]);  per layer  x = norm(x + out(attention(x))),  x = norm(x + down(gelu(up(x))))
 *
 * Source: Devlin et al. 2019, arXiv:1810.04805. Twins: test/reference/text-encoder.ts, training/text_encoder.py.
 */
import { attend } from './attend';
import { gelu } from './gelu';
import { splitHalves } from './halves';
import { apply, Matrix, multiplyBy, Norm, normalise } from './model';
import { addLookUp, addRows } from './rows';

@unmanaged
class TextEncoder {
  layers: i32;
  heads: i32;
  width: i32;
  words: Matrix;
  /** f32[positions, width] */
  positions: usize;
  norm: Norm;
  /** TextLayer[layers], addresses */
  table: usize;
  reads: i32;
  /** i32[reads], counted from 1 */
  readLayers: usize;
}

@unmanaged
class TextLayer {
  query: Matrix;
  key: Matrix;
  value: Matrix;
  out: Matrix;
  normAttention: Norm;
  up: Matrix;
  down: Matrix;
  normOut: Norm;
}

@unmanaged
class TextRoom {
  /** f32[length, width] */
  x: usize;
  /** f32[length, 4 · width] */
  wide: usize;
  /** `length` rows of 4 · width, see halves.ts */
  halves: usize;
  /** f32[length rounded up to 4] */
  scores: usize;
}

export function encodeText(
  model: TextEncoder,
  ids: usize,
  length: i32,
  room: TextRoom,
  out: usize,
): void {
  embedWords(model, ids, length, room.x);
  for (let layer = 0; layer < model.layers; layer++) {
    const at = load<TextLayer>(model.table + ((<usize>layer) << 2));
    attention(at, model.heads, length, room);
    normalise(at.normAttention, room.x, length, room.x);
    apply(at.up, room.x, length, room.halves, room.wide);
    gelu(room.wide, length * at.up.outputs);
    const hidden = room.wide;
    splitHalves(hidden, at.down.inputs << 2, length, at.down.inputs, room.halves);
    multiplyBy(at.down, room.halves, length, hidden);
    addRows(room.x, hidden, length * model.width);
    normalise(at.normOut, room.x, length, room.x);
    handOn(model, layer + 1, length, room.x, out);
  }
}

function embedWords(model: TextEncoder, ids: usize, length: i32, x: usize): void {
  const bytes = (<usize>model.width) << 2;
  memory.copy(x, model.positions, <usize>length * bytes);
  for (let i = 0; i < length; i++) {
    const id = <i32>load<u16>(ids + ((<usize>i) << 1));
    addLookUp(model.words.weights, model.words.scales, model.width, id, x + <usize>i * bytes);
  }
  normalise(model.norm, x, length, x);
}

/** x += out(attention(x)); query, key, value and result lie one after the other in `wide` */
function attention(layer: TextLayer, heads: i32, length: i32, room: TextRoom): void {
  const width = layer.query.outputs;
  const stride = width << 2;
  const plane = <usize>length * <usize>stride;
  const query = room.wide;
  const key = query + plane;
  const value = key + plane;
  const mixed = value + plane;
  splitHalves(room.x, stride, length, width, room.halves);
  multiplyBy(layer.query, room.halves, length, query);
  multiplyBy(layer.key, room.halves, length, key);
  multiplyBy(layer.value, room.halves, length, value);
  for (let i = 0; i < length; i++) {
    const at = <usize>i * <usize>stride;
    attend(query + at, key, value, stride, length, heads, width / heads, room.scores, mixed + at);
  }
  apply(layer.out, mixed, length, room.halves, query);
  addRows(room.x, query, length * width);
}

/** The states of a layer that is read go to their place in every row of `out`. */
function handOn(model: TextEncoder, layer: i32, length: i32, x: usize, out: usize): void {
  const bytes = (<usize>model.width) << 2;
  for (let read = 0; read < model.reads; read++) {
    if (load<i32>(model.readLayers + ((<usize>read) << 2)) !== layer) continue;
    for (let i = 0; i < length; i++) {
      memory.copy(out + <usize>(i * model.reads + read) * bytes, x + <usize>i * bytes, bytes);
    }
  }
}
