import { afterEach, expect, test, vi } from 'vitest';
import { downloadSize } from '../../runtime/download-size.ts';
import { packSize } from '../../runtime/model-pack.ts';
import { fakePack } from './fake-pack.ts';
import { FAKE_URL, servePack } from './serve-pack.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  [undefined, 'kernels'],
  ['wasm', 'kernels'],
  ['auto', 'kernels'],
  ['webgpu', 'webgpu'],
] as const)('device %s: the files that %s needs, by model.json alone', async (device, engine) => {
  const asked = servePack(fakePack());
  expect(await downloadSize(FAKE_URL, device)).toBe(packSize(fakePack().manifest, engine));
  expect(asked).toEqual([`${FAKE_URL}model.json`]);
});
