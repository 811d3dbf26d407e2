/** Entry of `npm run say`: runs the command on this process's arguments. */
import { runSay } from './say-command.ts';

process.exitCode = await runSay(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
});
