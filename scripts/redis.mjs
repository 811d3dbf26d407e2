/** Where the installed redis-server is: the test of a bake by many machines starts one. No dependencies. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackage } from './debian-package.mjs';

/** @returns path of an installed redis-server, or undefined. `REDIS_SERVER_PATH` wins, also when nothing is there. */
export function findRedis(env = process.env) {
  const given = env.REDIS_SERVER_PATH;
  if (given) return existsSync(given) ? given : undefined;
  const folders = (env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
}

/**
 * Finds it, or installs Debian's package when that is possible without asking.
 * @throws Error whose message is one line that says what to install.
 */
export function ensureRedis() {
  const found = findRedis();
  if (found) return found;
  installDebianPackage('redis-server');
  const installed = findRedis();
  if (installed) return installed;
  throw new Error(
    'redis: no redis-server found. Install it (Debian: apt-get install redis-server) or set REDIS_SERVER_PATH.',
  );
}
