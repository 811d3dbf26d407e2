/** Installs a Debian package where that is possible without asking. No dependencies. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Does nothing where it is not possible. */
export function installDebianPackage(name) {
  if (!canInstall()) return;
  console.log(`${name}: not found, installing the Debian package`);
  execFileSync('apt-get', ['update'], { stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', name], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function canInstall() {
  return (
    process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
  );
}
