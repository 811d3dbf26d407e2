/**
 * The summary that stores ask for, in Markdown: what is said in public, and what to answer.
 *
 * Steam's content survey asks about content made beforehand and content made while the game is played, for the latter with
 * its guardrails; itch.io asks which kinds of content. Both as of 2025. It says what the bake knows; the makers sign it.
 */
import { counted } from '../counted.ts';
import type { Disclosure, ModelShare } from '../provenance.ts';

export function disclosureText(disclosure: Disclosure): string {
  const { models } = disclosure;
  const parts = [
    '# Generative AI in this game: its sounds',
    summaryOf(disclosure),
    tableOf(models),
    ...models.filter(({ commercialUse }) => !commercialUse).map(warningOf),
    '## Where the prompts came from',
    promptsOf(disclosure),
    '## Steam: content survey, generative AI',
    `- Pre-generated: ${disclosure.preGenerated ? preGenerated(disclosure) : 'no.'}\n- Live-generated: ${disclosure.liveGenerated ? LIVE : 'no.'}`,
    '## itch.io: generative AI disclosure',
    disclosure.preGenerated || disclosure.liveGenerated ? ITCH : 'No, as far as sounds go.',
  ];
  return parts.join('\n\n');
}

const LIVE =
  'yes, sound effects. A small model on the player’s machine makes them from prompts that the game composes; nothing is sent anywhere. ' +
  'Guardrails: the sound map decides what can be asked for, and a slot with a list of values takes no other word; text that players ' +
  'type is off by default. Say so here if your game turns it on.';

const ITCH =
  'Yes: Sound. The page gets the tags “AI Generated” and “AI Generated Sounds” by itself. Answer for graphics, text and code too.';

function summaryOf({ takes, sounds, seconds, prompts, bytes }: Disclosure): string {
  if (takes === 0) return 'No sound was made before the game was released.';
  const counts = `${counted(takes, 'clip')} of ${counted(sounds, 'sound')} (${seconds} s, ${counted(prompts, 'prompt')}, ${kilobytes(bytes)})`;
  return `${counts} were made by a generative model before the game was released, and ship as files.`;
}

function tableOf(models: readonly ModelShare[]): string {
  const rows = models.map(
    ({ name, licence, commercialUse, takes }) =>
      `| ${cell(name)} | ${cell(licence)} | ${commercialUse ? 'allowed' : '**forbidden**'} | ${takes} |`,
  );
  return ['| model | licence | commercial use | clips |', '|---|---|---|---|', ...rows].join('\n');
}

function warningOf({ name, licence }: ModelShare): string {
  return `**Not to be sold:** the licence of ${name} (${licence}) forbids commercial use. Bake with another model first.`;
}

function promptsOf({ soundMaps, liveGenerated }: Disclosure): string {
  const files = soundMaps.map((file) => `\`${file}\``).join(', ');
  const live = liveGenerated ? ' While the game is played they come from there too.' : '';
  return `The makers of the game wrote them, in ${files}: templates, and lists of words for them.${live}`;
}

function preGenerated({ takes, models }: Disclosure): string {
  const names = models.map(({ name }) => name).join(', ');
  return `yes, sound effects. ${counted(takes, 'clip')} made with ${names} from words of ours; they ship as files and do not change.`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** One line, and no column of its own. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
