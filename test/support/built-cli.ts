/** The command line as it is published, built once per test file: worker threads and child processes need files of their own. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './source-files.ts';

export interface BuiltCli {
  /** Path of cli.js. */
  path: string;
  start(args: readonly string[], cwd: string): RunningCli;
  /** Ends what still runs, too. */
  remove(): void;
}

export interface RunningCli {
  /** What it has printed so far. */
  readonly printed: string;
  kill(signal: NodeJS.Signals): void;
  /** Nobody reads what it prints from now on. */
  deafen(): void;
  /** `code` is null where a signal ended it. */
  end: Promise<{ code: number | null; printed: string; errors: string }>;
}

/** Two levels below the repository, as dist/bake/ is: the embedded model is found from there. */
export function buildCli(): BuiltCli {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist', 'test-bake-'));
  const rollup = join(root, 'node_modules/rollup/dist/bin/rollup');
  const args = [rollup, '-c', '--configOnly', 'bake', '--silent', '--dir', relative(root, folder)];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
  const path = join(folder, 'cli.js');
  const started: RunningCli[] = [];
  return {
    path,
    start(words, cwd) {
      const running = startCli([path, ...words], cwd);
      started.push(running);
      return running;
    },
    remove() {
      for (const running of started) running.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startCli(args: readonly string[], cwd: string): RunningCli {
  // As npm says where it was called: a script of package.json still means paths from its own folder.
  const env = { ...process.env, INIT_CWD: '/' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let errors = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const end = new Promise<Awaited<RunningCli['end']>>((resolve) => {
    child.on('close', (code) => resolve({ code, printed, errors }));
  });
  return {
    get printed() {
      return printed;
    },
    kill: (signal) => void child.kill(signal),
    deafen: () => void child.stdout.destroy(),
    end,
  };
}
