/**
 * What a command says, on the streams of a process.
 *
 *   whoever read has gone (`| head -1`)    the work goes on, and says no more there
 *   anything else (a full disk)            a line on standard error, once, and exit code 1: what was asked for did not arrive
 */
import { messageOf } from '../../runtime/errors.ts';
import { EXIT, type ExitCode, type Output } from '../command.ts';
import { codeOf } from '../files/file-trouble.ts';

export interface SpokenTo {
  stdout: Stream;
  stderr: Stream;
  /** As of a process. */
  exitCode?: number | string | null | undefined;
}

/** Of a writable stream what is needed here. */
interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export function processOutput(process: SpokenTo): Output {
  const { stdout, stderr } = process;
  const printError = lineWriter(stderr, () => {});
  const print = lineWriter(stdout, (error) => {
    process.exitCode = EXIT.ERROR satisfies ExitCode;
    printError(
      `scenefoley: standard output cannot be written: ${messageOf(error)}. Send it elsewhere.`,
    );
  });
  return { print, printError, isTerminal: stderr.isTTY === true };
}

/** @param onLost told once, unless it is the reader who has gone */
function lineWriter(stream: Stream, onLost: (error: Error) => void): (line: string) => void {
  let isLost = false;
  stream.on('error', (error) => {
    if (!isLost && codeOf(error) !== 'EPIPE') onLost(error);
    isLost = true;
  });
  return (line) => {
    if (!isLost) stream.write(`${line}\n`);
  };
}
