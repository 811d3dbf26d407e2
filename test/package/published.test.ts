/** What is published: entries that resolve, types that match, files that belong there. */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Packed, packProject } from './packed.ts';

/** The package is ESM only, as its engine is: what `require` and Node 10 would find does not count. */
const OLD_WAYS = ['node10', 'node16-cjs'];

let packed: Packed;
beforeAll(() => {
  packed = packProject();
});
afterAll(() => packed?.remove());

test('publint has nothing to say', async () => {
  const tarball = packed.bytes.buffer;
  const { messages, pkg } = await publint({ pack: { tarball } });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test('types are right for every entry, in Node and in bundlers', async () => {
  const result = await checkPackage(createPackageFromTarballData(packed.bytes));
  expect(result.types).not.toBe(false);
  const problems = 'problems' in result ? result.problems : [];
  const now = problems.filter(
    (problem) => !('resolutionKind' in problem && OLD_WAYS.includes(problem.resolutionKind)),
  );
  expect(now).toEqual([]);
});

test('code, types, model, licence and nothing else', () => {
  const unwanted = packed.files.filter(
    (file) => !/^(dist\/|models\/foley-tiny\/|schema\/)/.test(file),
  );
  expect(unwanted.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  expect(packed.files.filter((file) => /\.(test|bench)\./.test(file))).toEqual([]);
  expect(packed.files).toContain('models/foley-tiny/engine.safetensors');
});
