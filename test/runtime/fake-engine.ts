/**
 * A deterministic engine without networks: codes are a hash of prompt, seed, position and the column fed, the PCM is a
 * tone per codec frame whose pitch the codes decide. Counts what it is asked for.
 */
import type { Engine } from '../../runtime/engine.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';

export interface FakeEngine extends Engine {
  /** Batch of every step run. */
  batches: number[];
  /** Every column of tokens fed. */
  fed: number[][];
  encoded: number[][];
  /** Codec frames of every part decoded. */
  parts: number[];
  /** Sounds decoded to their end. */
  decoded: number;
  disposed: boolean;
  /** Codec streams that nobody has disposed of yet. */
  openCodecs: number;
  /** Called before each step, encodeText ('text') and decode ('decode'): throws or aborts for a test. */
  before: (what: 'text' | 'decode' | number) => void;
}

export function fakeEngine(manifest: ModelManifest, arithmetic = 'fake'): FakeEngine {
  const { numCodebooks, codebookSize, sampleRate, codecFrameRate } = manifest;
  const { width } = manifest.textEncoder;
  const engine: FakeEngine = {
    arithmetic,
    device: 'wasm',
    batches: [],
    fed: [],
    encoded: [],
    parts: [],
    decoded: 0,
    disposed: false,
    openCodecs: 0,
    before: () => {},

    async encodeText(tokenIds) {
      engine.before('text');
      engine.encoded.push(tokenIds);
      const data = Float32Array.from({ length: tokenIds.length * width }, (_, i) =>
        hash(tokenIds[Math.floor(i / width)]!, i),
      );
      return { data, length: tokenIds.length, width };
    },

    async startTokens(text, { guidanceScale, seed, codecFrames }) {
      const prompt = text.data.reduce((sum, value) => sum + value, 0);
      const column = new Uint16Array(numCodebooks).fill(codebookSize);
      let position = 0;
      return {
        async next() {
          engine.before(position);
          engine.batches.push(guidanceScale === 1 ? 1 : 2);
          engine.fed.push([...column]);
          const context = column.reduce((sum, token, k) => sum + token * (k + 1), position);
          for (let k = 0; k < numCodebooks; k++) {
            const inPattern = position >= k && position - k < codecFrames;
            const code = Math.floor(hash(context + prompt * 1000 + seed * 7919, k) * codebookSize);
            column[k] = inPattern ? code : codebookSize;
          }
          position++;
          return column;
        },
        logits: async () => new Float32Array(numCodebooks * codebookSize),
        dispose: () => {},
      };
    },

    openCodec() {
      let from = 0;
      engine.openCodecs++;
      return {
        async push(codes, codecFrames, last) {
          engine.before('decode');
          engine.parts.push(codecFrames);
          if (last) engine.decoded++;
          const samples = sampleRate / codecFrameRate;
          const pcm = Float32Array.from({ length: codecFrames * samples }, (_, i) => {
            const hertz = 200 + 10 * (codes[Math.floor(i / samples)]! % 40);
            return 0.2 * Math.sin((2 * Math.PI * hertz * (from + i)) / sampleRate);
          });
          from += pcm.length;
          return pcm;
        },
        dispose: () => void engine.openCodecs--,
      };
    },

    async dispose() {
      engine.disposed = true;
    },
  };
  return engine;
}

/** Two numbers → [0, 1), the same everywhere. */
function hash(a: number, b: number): number {
  const word =
    Math.imul(Math.floor(a * 97) ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  const mixed = Math.imul(word ^ (word >>> 15), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}
