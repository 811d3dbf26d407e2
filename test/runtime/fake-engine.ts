/**
 * A deterministic engine without networks: logits are a hash of prompt, position and the tokens fed, the spectrum is a
 * tone whose bin the codes decide, and its partials ring an octave apart. Counts what it is asked for.
 */
import type { Engine, Partials } from '../../runtime/engine.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';

export interface FakeEngine extends Engine {
  /** Batch of every step run. */
  batches: number[];
  /** Every column of tokens fed. */
  fed: number[][];
  encoded: number[][];
  decoded: number;
  disposed: boolean;
  /** Called before each step, encodeText ('text') and decode ('decode'): throws or aborts for a test. */
  before: (what: 'text' | 'decode' | number) => void;
}

export function fakeEngine(manifest: ModelManifest, arithmetic = 'fake'): FakeEngine {
  const { numCodebooks, codebookSize, stft, sampleRate, codecFrameRate, partials } = manifest;
  const { width } = manifest.textEncoder;
  const engine: FakeEngine = {
    arithmetic,
    device: 'wasm',
    batches: [],
    fed: [],
    encoded: [],
    decoded: 0,
    disposed: false,
    before: () => {},

    async encodeText(tokenIds) {
      engine.before('text');
      engine.encoded.push(tokenIds);
      const data = Float32Array.from({ length: tokenIds.length * width }, (_, i) =>
        hash(tokenIds[Math.floor(i / width)]!, i),
      );
      return { data, length: tokenIds.length, width };
    },

    async startTokens(text, guided) {
      const prompt = text.data.reduce((sum, value) => sum + value, 0);
      const batch = guided ? 2 : 1;
      let position = 0;
      return {
        async step(tokens) {
          engine.before(position);
          engine.batches.push(batch);
          engine.fed.push([...tokens]);
          const context = tokens.reduce((sum, token, k) => sum + token * (k + 1), position);
          position++;
          return Float32Array.from(
            { length: batch * numCodebooks * codebookSize },
            (_, i) => 4 * hash(context + prompt * 1000, i),
          );
        },
        dispose: () => {},
      };
    },

    async decode(codes, codecFrames) {
      engine.before('decode');
      engine.decoded++;
      const frames = (codecFrames * sampleRate) / codecFrameRate / stft.hop;
      const bins = stft.size / 2 + 1;
      const real = new Float32Array(frames * bins);
      for (let i = 0; i < frames; i++) real[i * bins + 10 + (codes[i % codecFrames]! % 40)] = 20;
      return {
        real,
        imag: new Float32Array(frames * bins),
        noise: new Float32Array(frames * bins),
        frames,
        ...(partials && { partials: octaves(frames, partials.channels) }),
      };
    },

    async dispose() {
      engine.disposed = true;
    },
  };
  return engine;
}

/** Steady partials at 220 Hz, 440 Hz, 880 Hz and so on. */
function octaves(frames: number, channels: number): Partials {
  const gain = new Float32Array(frames * channels).fill(2);
  const frequency = gain.map((_, i) => 220 * 2 ** (i % channels));
  return { gain, frequency, channels };
}

/** Two numbers → [0, 1), the same everywhere. */
function hash(a: number, b: number): number {
  const word =
    Math.imul(Math.floor(a * 97) ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  const mixed = Math.imul(word ^ (word >>> 15), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}
