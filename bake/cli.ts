#!/usr/bin/env node
/** `npx scenefoley COMMAND …`: see commands.ts. */
import { processOutput } from './command/process-output.ts';
import { runCli } from './commands.ts';

const code = await runCli(process.argv.slice(2), processOutput(process));
process.exitCode ||= code; // what could not be said is an error already
