import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { processOutput } from '../../../bake/command/process-output.ts';

/** A stream that keeps what it is given, until `failing` is set. */
function stream() {
  const kept: string[] = [];
  const made = Object.assign(
    new Writable({
      write(text, _encoding, done) {
        if (made.failing === null) kept.push(String(text));
        done(made.failing);
      },
    }),
    { kept, failing: null as Error | null },
  );
  return made;
}

function open() {
  const told = { stdout: stream(), stderr: stream(), exitCode: undefined as number | undefined };
  return { ...processOutput(told), told };
}

const trouble = (code: string) => Object.assign(new Error(`${code}: write`), { code });
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('process output', () => {
  test('lines go where they belong', () => {
    const { print, printError, told } = open();
    print('asked for');
    printError('on the way');
    expect([told.stdout.kept, told.stderr.kept]).toEqual([['asked for\n'], ['on the way\n']]);
  });

  test('whoever reads may go: no word of it, and no exit code', async () => {
    const { print, printError, told } = open();
    told.stdout.failing = trouble('EPIPE');
    print('unheard');
    await nextTurn();
    told.stdout.failing = null;
    print('no more');
    printError('still heard');
    expect([told.stdout.kept, told.stderr.kept]).toEqual([[], ['still heard\n']]);
    expect(told.exitCode).toBeUndefined();
  });

  test('what cannot be written is said once, with exit code 1', async () => {
    const { print, told } = open();
    told.stdout.failing = trouble('ENOSPC');
    print('lost');
    print('lost too');
    await nextTurn();
    expect(told.stderr.kept).toEqual([
      'scenefoley: standard output cannot be written: ENOSPC: write. Send it elsewhere.\n',
    ]);
    expect(told.exitCode).toBe(1);
  });

  test('standard error that is gone takes nothing with it', async () => {
    const { print, printError, told } = open();
    told.stderr.failing = trouble('EPIPE');
    printError('unheard');
    await nextTurn();
    print('heard');
    expect([told.stdout.kept, told.exitCode]).toEqual([['heard\n'], undefined]);
  });
});
