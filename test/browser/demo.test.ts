/** The demo scene's own modules in Chromium: pictures of sound, WAV files, what the address decides. */
import { describe, expect, test } from 'vitest';
import { encodeWav } from '../../bake/formats/wav.ts';
import { colourMap } from '../../demo-scene/analysis/colour-map.ts';
import {
  frequencyOfRow,
  frequencyTicks,
  MIN_FREQUENCY,
  rowOfFrequency,
  timeTicks,
} from '../../demo-scene/analysis/scales.ts';
import { drawSpectrogram, spectrogramLevels } from '../../demo-scene/analysis/spectrogram.ts';
import { envelopeOf } from '../../demo-scene/analysis/waveform.ts';
import { createRandom } from '../../demo-scene/random.ts';
import { readSettings } from '../../demo-scene/settings.ts';
import { bakeByName, surfaceNames } from '../../demo-scene/surfaces/catalogue.ts';
import { fileNameOf, sizeInWords } from '../../demo-scene/words.ts';
import { millisecondsInWords } from '../../plugin/panel/words.ts';

const SAMPLE_RATE = 32000;
const SIZE = { sampleRate: SAMPLE_RATE, width: 20, height: 150 };

function sine(frequency: number, seconds: number, amplitude = 1): Float32Array {
  const pcm = new Float32Array(Math.round(seconds * SAMPLE_RATE));
  return pcm.map((_, n) => amplitude * Math.sin((2 * Math.PI * frequency * n) / SAMPLE_RATE));
}

function noise(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

function loudestRow(levels: Float32Array, column: number): number {
  const rows = Array.from({ length: SIZE.height }, (_, row) => levels[row * SIZE.width + column]!);
  return rows.indexOf(Math.max(...rows));
}

describe('spectrogram', () => {
  test.each([200, 1000, 3000, 9000])('a sine of %i Hz is brightest in its own row', (frequency) => {
    const levels = spectrogramLevels(sine(frequency, 0.5), SIZE);
    const row = loudestRow(levels, 10);
    expect(Math.abs(row + 0.5 - rowOfFrequency(frequency, 16000, 150))).toBeLessThan(3);
  });

  test('a sine of full scale peaks at 0 dB, of a tenth at −20 dB', () => {
    const peak = (amplitude: number) =>
      Math.max(...spectrogramLevels(sine(1000, 0.5, amplitude), SIZE));
    expect(peak(1)).toBeCloseTo(0, 1);
    expect(peak(0.1)).toBeCloseTo(-20, 1);
  });

  test('what sounds late is drawn on the right', () => {
    const pcm = sine(1000, 1);
    pcm.fill(0, 0, pcm.length / 2);
    const levels = spectrogramLevels(pcm, SIZE);
    const row = loudestRow(levels, 15);
    expect(levels[row * SIZE.width + 3]).toBeLessThan(-100);
    expect(levels[row * SIZE.width + 15]).toBeGreaterThan(-1);
  });

  test.each([0, 1, 700])('%i samples make a picture without gaps', (length) => {
    const { pixels } = drawSpectrogram(noise(length, 1), SIZE);
    expect(pixels.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  test('the colours only grow brighter', () => {
    const map = colourMap();
    const light = (level: number) =>
      0.2126 * map[level * 3]! + 0.7152 * map[level * 3 + 1]! + 0.0722 * map[level * 3 + 2]!;
    const falls = Array.from({ length: 255 }, (_, i) => light(i + 1) - light(i)).filter(
      (d) => d < -0.8,
    );
    expect(falls).toEqual([]);
    expect(light(255) - light(0)).toBeGreaterThan(200);
  });
});

describe('axes', () => {
  test('row and frequency are each other’s inverse', () => {
    for (const row of [0, 1, 77, 150]) {
      const frequency = frequencyOfRow(row, 16000, 150);
      expect(rowOfFrequency(frequency, 16000, 150)).toBeCloseTo(row, 9);
    }
    expect(rowOfFrequency(16000, 16000, 150)).toBe(0);
    expect(rowOfFrequency(MIN_FREQUENCY, 16000, 150)).toBe(150);
  });

  test('frequencies are labelled with their unit and stay below the top', () => {
    const labels = frequencyTicks(16000).map(({ label }) => label);
    expect(labels).toEqual(['100 Hz', '200 Hz', '500 Hz', '1 kHz', '2 kHz', '5 kHz', '10 kHz']);
  });

  test.each([0.1, 0.8, 1.5, 4, 10])(
    '%f s has 2 to 7 times on its axis, none beyond',
    (duration) => {
      const ticks = timeTicks(duration);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.at(-1)!.time).toBeLessThanOrEqual(duration + 1e-6);
    },
  );
});

describe('waveform', () => {
  test('each column holds its lowest and highest sample', () => {
    const { low, high } = envelopeOf(Float32Array.of(0.5, -0.25, -1, -0.5, 0, 1), 3);
    expect([...low]).toEqual([-0.25, -1, 0]);
    expect([...high]).toEqual([0.5, 0, 1]);
  });

  test('no sample is a flat line', () => {
    expect([...envelopeOf(new Float32Array(0), 2).high]).toEqual([0, 0]);
  });
});

describe('WAV file', () => {
  test('Chromium decodes it to the same samples', async () => {
    const pcm = noise(3201, 7);
    const wav = encodeWav(pcm, SAMPLE_RATE);
    const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
    const decoded = await context.decodeAudioData(wav.slice().buffer);
    expect([decoded.numberOfChannels, decoded.length, decoded.sampleRate]).toEqual([
      1,
      3201,
      SAMPLE_RATE,
    ]);
    const back = decoded.getChannelData(0);
    const worst = pcm.reduce((most, x, i) => Math.max(most, Math.abs(x - back[i]!)), 0);
    expect(worst).toBeLessThan(1 / 16384);
  });

  test('its name tells prompt and seed, whatever the prompt', () => {
    expect(fileNameOf('Heavy wooden door slams!', 3)).toBe('heavy-wooden-door-slams-3.wav');
    expect(fileNameOf('../../etc', 0)).toBe('etc-0.wav');
    expect(fileNameOf('…', 0)).toBe('sound-0.wav');
  });
});

describe('the page’s address', () => {
  const page = 'http://game.example/demo/';

  test('nothing given: embedded model, CPU, seed 0', () => {
    expect(readSettings(page)).toEqual({
      modelUrl: `${page}models/foley-tiny/`,
      bakedUrl: `${page}sounds.foley`,
      ortUrl: `${page}ort/`,
      device: 'wasm',
      seed: 0,
      quality: 'high',
    });
  });

  test('the pack is taken, or left out', () => {
    expect(readSettings(`${page}?baked=/other.foley`).bakedUrl).toBe(
      new URL('/other.foley', page).href,
    );
    expect(readSettings(`${page}?baked=off`).bakedUrl).toBeNull();
    expect(() => readSettings(`${page}?baked=https://elsewhere.example/a.foley`)).toThrow(
      /baked= must lie on the same origin/,
    );
  });

  test('model, device and seed are taken', () => {
    const settings = readSettings(`${page}?model=/other/&device=webgpu&seed=7`);
    expect(settings).toMatchObject({
      modelUrl: 'http://game.example/other/',
      device: 'webgpu',
      seed: 7,
    });
  });

  test.each([
    ['model', 'https://elsewhere.example/pack/'],
    ['model', '//elsewhere.example/pack/'],
    ['ort', 'data:text/javascript,1'],
    ['device', 'gpu'],
    ['quality', 'best'],
    ['seed', '-1'],
    ['seed', '1.5'],
    ['seed', '4294967296'],
    ['seed', 'one'],
  ])('?%s=%s is refused by name', (name, value) => {
    const address = `${page}?${name}=${encodeURIComponent(value)}`;
    expect(() => readSettings(address)).toThrow(new RegExp(`^demo: \\?${name}= must .*got`));
  });
});

describe('words', () => {
  test('sizes and latencies have a unit and few digits', () => {
    expect([999, 5_240_000, 34_200_000].map(sizeInWords)).toEqual(['1 kB', '5.2 MB', '34 MB']);
    expect([0.31, 86.4, 12_345].map(millisecondsInWords)).toEqual(['0.3 ms', '86 ms', '12.3 s']);
  });
});

describe('surfaces', () => {
  test('each is painted: opaque, not flat, with normals of length one', () => {
    for (const name of surfaceNames) {
      const { albedo, normal, size } = bakeByName(name);
      expect(albedo.length, name).toBe(size * size * 4);
      expect(new Set(albedo).size, name).toBeGreaterThan(16);
      const lengths = [0, 1000, 9000].map((pixel) =>
        Math.hypot(...[0, 1, 2].map((axis) => normal[pixel * 4 + axis]! / 127.5 - 1)),
      );
      for (const length of lengths) expect(length, name).toBeCloseTo(1, 1);
    }
  });
});
