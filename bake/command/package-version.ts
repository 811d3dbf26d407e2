/** The package's own version: package.json is found by the package's name, from the sources and from what is built alike. */
import { createRequire } from 'node:module';

export function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('scenefoley/package.json') as {
    version: string;
  };
  return version;
}
