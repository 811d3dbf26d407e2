#!/usr/bin/env node
/** `npx scenefoley COMMAND …`: see commands.ts. */
import { runCli } from './commands.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  isTerminal: process.stderr.isTTY === true,
});
