/** `info`: what is in a token pack, for people and (`--json`) for machines. Every take's codes are checked on the way. */
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { createCommand } from '../command/plain-command.ts';
import { counted, numberText } from '../counted.ts';
import { openPackFile, readTakes } from '../packs/pack-file.ts';
import { type PackSummary, type SoundSummary, summaryOf } from '../packs/pack-summary.ts';

const ARGS = {
  file: { type: 'positional', description: 'Token pack, .foley', required: false },
  json: { type: 'boolean', description: 'Everything, each take too, as JSON' },
} as const;

/** Seeds of a prompt that are named. */
const MOST_SEEDS = 12;

export const runInfo = createCommand({
  name: 'info',
  about: 'What is in a token pack: sounds, prompts, takes, seconds, bytes, codec, licence',
  args: ARGS,
  words: { most: 1, missing: 'no token pack. Name a .foley file.' },
  async run([file = ''], { json }, { print }) {
    const pack = await openPackFile(file);
    await readTakes(await loadKernels(), pack); // damaged codes are told here, not by the game
    const summary = summaryOf(pack);
    if (json === true) print(JSON.stringify(summary, null, 2));
    else for (const line of linesOf(summary)) print(line);
  },
});

function linesOf(summary: PackSummary): string[] {
  const { info, bytes, models, sounds } = summary;
  const { guidanceScale, temperature, topK, topP } = info.sampling;
  return [
    `${summary.file}: ${counted(sounds.length, 'sound')}, ${counted(summary.prompts, 'prompt')}, ${counted(summary.takes, 'take')}, ${seconds(summary.seconds)}`,
    `${numberText(bytes.all)} bytes: index ${numberText(bytes.index)} (${bytes.indexPerTake} a take), codes ${numberText(bytes.codes)} (${bytes.codesPerSecond} a second); all checked`,
    ...models.map(
      ({ model, licence, takes }) =>
        `model ${model}, licence ${licence}: ${counted(takes, 'take')}`,
    ),
    `codec ${info.codecHash}`,
    `${info.sampleRate} Hz, ${info.codecFrameRate} codec frames a second, ${info.numCodebooks} codebooks of ${info.codebookSize}`,
    `defaults: guidance ${guidanceScale}, temperature ${temperature}, top-k ${topK}, top-p ${topP}`,
    ...sounds.flatMap(soundLines),
  ];
}

function soundLines({ sound, prompts, takes, seconds: all, bytes }: SoundSummary): string[] {
  return [
    '',
    `${sound}: ${counted(takes, 'take')}, ${seconds(all)}, ${numberText(bytes)} bytes`,
    ...prompts.map(({ prompt, takes: own }) => {
      const seeds = own.map(({ seed, usedSeed }) =>
        seed === usedSeed ? `${seed}` : `${seed} (by ${usedSeed})`,
      );
      const more = seeds.length > MOST_SEEDS ? ` and ${seeds.length - MOST_SEEDS} more` : '';
      const named = seeds.slice(0, MOST_SEEDS).join(', ');
      return `  ${prompt}   ${own[0]?.loop ? 'loop, ' : ''}seed ${named}${more}`;
    }),
  ];
}

function seconds(all: number): string {
  return `${all.toFixed(1)} s`;
}
