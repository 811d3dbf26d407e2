/** The layout that docs/token-pack.md describes is the layout that is written. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { BakedTake } from '../../../runtime/contract.ts';
import { type Kernels, loadKernels } from '../../../runtime/kernels/kernels.ts';
import { writeTokenPack } from '../../../runtime/token-pack.ts';
import { readPackSlowly } from '../../reference/token-pack.ts';
import { bakedTake, bakedTakes, INFO } from '../baked-takes.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
});

/** Two takes of which every byte can be told by eye: keys 00 01 02 …, codes 0 1 2 … */
function exampleTakes(): BakedTake[] {
  const ramp = (from: number) =>
    Array.from({ length: 32 }, (_, i) => (from + i).toString(16).padStart(2, '0')).join('');
  const common = {
    codecFrames: 5,
    loudness: -20,
    truePeak: -1,
    model: 'foley-tiny',
    licence: 'MIT',
  };
  const codes = Uint16Array.from({ length: 20 }, (_, i) => i);
  const step = bakedTake({ sound: 'step', prompt: 'footstep', duration: 0.1 });
  const hum = bakedTake({ sound: 'hum', prompt: 'hum', seed: 1, rolledTo: 300, loop: true });
  const plan = { start: 64, length: 3000, crossfade: 0, correlation: 0, gainDb: 1.5 };
  const seam = { start: 0, length: 2400, crossfade: 800, correlation: 0.5, gainDb: -2 };
  return [
    { ...step, ...common, soundKey: ramp(0), plan, codes },
    {
      ...hum,
      ...common,
      soundKey: ramp(32),
      spec: { ...hum.spec, duration: 0.1 },
      plan: seam,
      codes,
    },
  ];
}

function hexdump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += 16) {
    const row = [...bytes.subarray(from, from + 16)];
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.'));
    lines.push(`${from.toString(16).padStart(4, '0')}  ${digits.padEnd(47)}  ${letters.join('')}`);
  }
  return lines.join('\n');
}

test('the example of docs/token-pack.md is what is written', () => {
  const page = readFileSync('docs/token-pack.md', 'utf8');
  expect(page).toContain(hexdump(writeTokenPack(kernels, INFO, exampleTakes())));
});

test('a reader that was written from the page reads the same takes', () => {
  const strange = bakedTake({ sound: 'Ünïcode 雨', rolledTo: 2 ** 32 - 1, sampling: { topK: 3 } });
  for (const takes of [exampleTakes(), bakedTakes(200), [strange], []]) {
    const file = writeTokenPack(kernels, INFO, takes);
    expect(readPackSlowly(file)).toEqual(takes);
  }
});

test('and of codecs of other shapes', () => {
  for (const [numCodebooks, codebookSize] of [
    [1, 2],
    [2, 1000],
    [8, 65535],
    [3, 1],
  ] as const) {
    const info = { ...INFO, numCodebooks, codebookSize, sampling: { ...INFO.sampling, topK: 0 } };
    const takes = [1, 2, 7].map((codecFrames) =>
      bakedTake({ codecFrames, draw: codecFrames }, info),
    );
    expect(readPackSlowly(writeTokenPack(kernels, info, takes))).toEqual(takes);
  }
});
