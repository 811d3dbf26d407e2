/**
 * The reference model of npm run bench, for transformers.js: a MusicGen of foley-tiny's shape with random weights.
 *
 *   test/fixtures/musicgen/   graphs without weights, by training/export_musicgen.py; and foley-tiny's tokenizer
 *     → <folder>/             config.json, …, onnx/decoder_model_merged.onnx (37 MB), …_quantized.onnx (10 MB), …
 *
 * Speed does not depend on what the weights are, so no 37 MB need be kept. A protobuf message that follows another is merged
 * into it: the weights are appended to the graph, as a second `graph` field that holds nothing but initializers.
 */
import { appendFileSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const FIXTURE = join(root, 'test/fixtures/musicgen');
const TOKENIZER = join(root, 'models/foley-tiny/tokenizer.json');

/** Fields of onnx.proto: ModelProto.graph, GraphProto.initializer, and those of TensorProto. */
const GRAPH = 7;
const INITIALIZER = 5;
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 };
/** TensorProto.DataType, and the array of little-endian numbers. */
const TYPES = {
  float32: { dataType: 1, array: Float32Array },
  uint8: { dataType: 2, array: Uint8Array },
  int8: { dataType: 3, array: Int8Array },
};

/** @param {string} folder is replaced. @param {number} seed the same seed writes the same bytes. */
export function writeMusicgen(folder, seed = 1) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(FIXTURE, folder, { recursive: true });
  cpSync(TOKENIZER, join(folder, 'tokenizer.json'));
  const random = mulberry32(seed);
  const files = JSON.parse(readFileSync(join(FIXTURE, 'weights.json'), 'utf8'));
  for (const [file, tensors] of Object.entries(files)) {
    const initializers = tensors.map((tensor) =>
      bytesField(INITIALIZER, randomTensor(tensor, random)),
    );
    appendFileSync(join(folder, 'onnx', file), bytesField(GRAPH, Buffer.concat(initializers)));
  }
  rmSync(join(folder, 'weights.json'));
}

/** A TensorProto of evenly spread numbers. */
function randomTensor([name, shape, type, mean, deviation], random) {
  const { dataType, array } = TYPES[type];
  const numbers = new array(shape.reduce((product, size) => product * size, 1));
  const spread = deviation * Math.sqrt(12);
  const draw = () => mean + spread * (random() - 0.5);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = type === 'float32' ? draw() : Math.round(draw());
  }
  return Buffer.concat([
    ...shape.map((size) => numberField(TENSOR.dims, size)),
    numberField(TENSOR.dataType, dataType),
    bytesField(TENSOR.name, Buffer.from(name)),
    bytesField(TENSOR.rawData, Buffer.from(numbers.buffer)),
  ]);
}

function numberField(field, value) {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function bytesField(field, bytes) {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** Seven bits a byte, the lowest first; the eighth says that another follows. */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** @returns {() => number} uniform in [0, 1), the twin of test/reference/seeded.ts. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
