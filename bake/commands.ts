/** The command line's table of contents. A command is loaded when it is called, and nothing of another with it. */
import { packageVersion } from './command/package-version.ts';
import { type Command, EXIT, type ExitCode, type Output } from './command.ts';

interface Entry {
  about: string;
  load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  say: {
    about: 'words → a WAV file',
    load: async () => (await import('./commands/say.ts')).runSay,
  },
  bake: {
    about: 'a sound map → assets that play without the model',
    load: async () => (await import('./commands/bake.ts')).runBake,
  },
  gltf: {
    about: 'a glTF scene + baked sounds → the scene with sounds at their nodes',
    load: async () => (await import('./commands/gltf.ts')).runGltf,
  },
  worker: {
    about: 'makes takes for bakes on other machines, from a queue',
    load: async () => (await import('./commands/worker.ts')).runWorker,
  },
  disclose: {
    about: 'baked folders → what stores ask about generated sounds',
    load: async () => (await import('./commands/disclose.ts')).runDisclose,
  },
  audition: {
    about: 'a page on this machine: hear takes, lock, ban, roll again',
    load: async () => (await import('./commands/audition.ts')).runAudition,
  },
  info: {
    about: 'what is in a token pack',
    load: async () => (await import('./commands/info.ts')).runInfo,
  },
  play: {
    about: 'a token pack → WAV files',
    load: async () => (await import('./commands/play.ts')).runPlay,
  },
  pack: {
    about: 'several token packs → one, or some sounds of one',
    load: async () => (await import('./commands/pack.ts')).runPack,
  },
  unpack: {
    about: 'a token pack → a folder of JSON, which pack reads again',
    load: async () => (await import('./commands/unpack.ts')).runUnpack,
  },
};

/** @param rawArgs what stands after `scenefoley` */
export async function runCli(rawArgs: string[], output: Output): Promise<ExitCode> {
  const [name = '--help', ...rest] = rawArgs;
  if (name === '--help' || name === '-h') {
    for (const line of helpLines()) output.print(line);
    return EXIT.OK;
  }
  if (name === '--version' || name === '-v') {
    output.print(packageVersion());
    return EXIT.OK;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return (await entry.load())(rest, output);
  const names = Object.keys(COMMANDS).join(', ');
  output.printError(`scenefoley: no command '${name}'. Commands: ${names}. See --help.`);
  return EXIT.ERROR;
}

function helpLines(): string[] {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(
    ([name, { about }]) => `  ${name.padEnd(width)}  ${about}`,
  );
  return [
    'scenefoley COMMAND …   (scenefoley COMMAND --help says more; scenefoley --version)',
    '',
    ...lines,
    '',
    'Exit codes: 0 fine · 1 something is wrong, one line says what · 2 assets are stale (bake --check)',
    '            3 another bake has the folder · 4 takes were refused by the quality gate',
  ];
}
