import { expect, test } from 'vitest';
import { createRuntimeClient } from '../../runtime/without-model.ts';

test('whoever makes a runtime in a build without the model hears why there is none, and what to do', () => {
  expect(() => createRuntimeClient()).toThrow(/made without the model.*ship: 'all'.*live: false/);
});
