/**
 * Installs the locked packages when they are missing or differ from package-lock.json, and only then.
 * Versions are compared, not file times: a checkout or a `touch` never sets off an install, and it cannot loop.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Makes node_modules match package-lock.json. Ends the process when npm fails. */
export function ensureInstalled() {
  const reason = whyInstall();
  if (reason === undefined) return;
  console.log(`install: ${reason}, running npm ci`);
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: 'inherit', shell: npm === undefined };
  const flags = ['ci', '--no-audit', '--no-fund'];
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...flags], options)
    : spawnSync(`npm ${flags.join(' ')}`, options);
  if (status !== 0) {
    console.error(`install: npm ci failed with exit status ${status}. Read its messages above.`);
    process.exit(1);
  }
}

/** @returns one clause, or undefined when everything is there. */
function whyInstall() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (installed === undefined) return 'node_modules is missing';
  const wanted = readPackages('package-lock.json') ?? {};
  const different = Object.entries(wanted).find(
    ([path, entry]) =>
      path.startsWith('node_modules/') &&
      !entry.optional &&
      !entry.devOptional &&
      !entry.peer &&
      installed[path]?.version !== entry.version,
  );
  if (different === undefined) return undefined;
  const [path, entry] = different;
  const found = installed[path]?.version ?? 'nothing';
  return `${path.slice('node_modules/'.length)} should be ${entry.version}, found ${found}`;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
