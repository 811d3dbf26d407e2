/**
 * Where the installed Chromium is, and the flags our tests start it with. Nothing is ever downloaded by Playwright.
 * No packages: vitest.config.ts, scripts/test.mjs and scripts/bench.mjs all import it.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackage } from './debian-package.mjs';

/** WebGPU without a GPU, sound without a gesture, no request of the browser's own. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--autoplay-policy=no-user-gesture-required',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** @returns path of an installed Chromium, or undefined. `CHROME_PATH` wins, also when nothing is there. */
export function findChromium(env = process.env) {
  if (env.CHROME_PATH) return existsSync(env.CHROME_PATH) ? env.CHROME_PATH : undefined;
  return usualPlaces(env).find((path) => existsSync(path));
}

function usualPlaces(env) {
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const mac = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  );
  const windows = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Chromium/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]);
  if (process.platform === 'win32') return windows;
  if (process.platform === 'darwin') return [...mac, ...onPath];
  return [...onPath, '/snap/bin/chromium', '/opt/google/chrome/chrome'];
}

/**
 * Finds Chromium, or installs Debian's package when that is possible without asking.
 * @throws Error whose message is one line that says what to install.
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROME_PATH) {
    throw new Error(
      `chromium: nothing at CHROME_PATH=${process.env.CHROME_PATH}. Correct it or unset it.`,
    );
  }
  installDebianPackage('chromium');
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'chromium: no browser found. Install Chromium or Google Chrome (Debian: apt-get install chromium) or set CHROME_PATH.',
  );
}
