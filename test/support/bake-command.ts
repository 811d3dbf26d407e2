/** For tests in the browser: has Node bake the sounds of baked-folder.ts into the folder that the tests' server shows. */
import { runnerImport } from 'vite';

declare module 'vitest/internal/browser' {
  interface BrowserCommands {
    /** @returns the folder's address, ends in '/' */
    bakeFolder(): Promise<string>;
  }
}

const FOLDER = 'dist/test-player/';

/** The module is loaded when it is asked for: this file is part of Vitest's configuration. */
export async function bakeFolder(): Promise<string> {
  const { module } = await runnerImport<typeof import('./baked-folder.ts')>(
    './test/support/baked-folder.ts',
  );
  await module.bakeFolder(FOLDER);
  return `/${FOLDER}`;
}
