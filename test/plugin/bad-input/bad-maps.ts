/** Sound maps with one thing wrong each, and how the error begins to say so: file, line, field. */

const LINE = '  s: { prompt: a sound of rain on a tin roof somewhere near the old harbour }\n';

export const BAD_MAPS: readonly [what: string, text: string, told: RegExp, status?: number][] = [
  [
    'no prompt',
    'sounds:\n  bell: { volume: 1 }\n',
    /sounds\.yaml:2:3: sounds\.bell\.prompt is miss/,
  ],
  [
    'an unknown slot',
    'sounds:\n  bell:\n    prompt: a {materal} bell\n',
    /sounds\.yaml:3:13: sounds\.bell\.prompt has an unknown slot \{materal\}/,
  ],
  [
    'a circular fallback',
    'sounds:\n  a: { prompt: a, fallback: b }\n  b: { prompt: b, fallback: a }\n',
    /sounds\.yaml:2:29: sounds\.a\.fallback goes round in a circle: a → b → a/,
  ],
  [
    'a wrong type',
    'sounds:\n  bell:\n    prompt: bell\n    volume: loud\n',
    /sounds\.yaml:4:13: sounds\.bell\.volume must be a number.*got "loud"/,
  ],
  [
    'a list of sounds',
    'sounds:\n  - { prompt: bell }\n',
    /sounds\.yaml:2:3: sounds must be names, each with its fields/,
  ],
  ['10 MB', LINE.repeat(10_000_000 / LINE.length), /sounds\.yaml: has more than 1000000 bytes/],
  ['exploding aliases', exploding(), /sounds\.yaml: has aliases \(\*name\) that multiply/],
  ['a tab', 'sounds:\n\tbell: { prompt: bell }\n', /sounds\.yaml:2:1: is no YAML here/],
  ['a page', '<!doctype html><title>Not here</title>', /sounds\.yaml: is a page, no sound map/],
  ['no file', 'not found', /sounds\.yaml: the server answered 404/, 404],
  ['an empty file', ' \n', /sounds\.yaml: is empty/],
  ['a comment alone', '# to do\n', /sounds\.yaml: holds nothing/],
];

/** Ten things of ten things of … ten levels deep: "billion laughs". */
function exploding(): string {
  const levels = Array.from({ length: 10 }, (_, i) => {
    const inner = i === 0 ? 'x' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
  });
  return `${levels.join('\n')}\nsounds: { bell: { prompt: *a9 } }\n`;
}
