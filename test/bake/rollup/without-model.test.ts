import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutModel } from '../../../bake/rollup/without-model.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenefoley-without-'));
  for (const name of ['live-runtime.js', 'without-model.js', 'my-live-runtime.js']) {
    writeFileSync(join(folder, name), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['live-runtime.js', 'live-runtime.js?v=4f2a91bc'])('%s: the other one', (name) => {
  expect(withoutModel(join(folder, name))).toBe("export * from './without-model.js';");
});

test.each(['my-live-runtime.js', 'without-model.js', 'elsewhere/live-runtime.js'])(
  '%s stays',
  (name) => expect(withoutModel(join(folder, name))).toBeNull(),
);

test.each(['\0virtual:scenefoley', 'live-runtime', ''])('%j is none of ours', (id) => {
  expect(withoutModel(id)).toBeNull();
});
