#!/usr/bin/env node
/** `npx scenefoley COMMAND …`: see commands.ts. */
import { runCli } from './commands.ts';

/** Whoever read what is printed has gone (`| head`): the work goes on without. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  isTerminal: process.stderr.isTTY === true,
});
