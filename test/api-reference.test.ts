/** The API reference (`npm run api`, dist/api/) is made from the sources without one warning: nothing public is left out. */
import { Application } from 'typedoc';
import { expect, test } from 'vitest';
import { root } from './support/source-files.ts';

test('everything public, and all that it refers to, has its page', async () => {
  const app = await Application.bootstrapWithPlugins({ options: `${root}/typedoc.json` });
  const project = await app.convert();
  expect(project).toBeDefined();
  if (project === undefined) return;
  app.validate(project);
  expect([app.logger.errorCount, app.logger.warningCount]).toEqual([0, 0]);
  const names = (project.children ?? []).flatMap(({ children = [] }) =>
    children.map((one) => one.name),
  );
  expect(names).toEqual(
    expect.arrayContaining(['createFoley', 'createFoleyWith', 'Foley', 'SceneEvent', 'Voice']),
  );
});
