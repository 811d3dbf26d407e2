import { expect, test } from 'vitest';
import { createProgressLines, spanOf } from '../../../bake/command/progress-lines.ts';

/** Takes of a second each. */
function lines(isTerminal: boolean, total: number, found = 0): string[] {
  const told: string[] = [];
  let now = 0;
  const output = { print: () => {}, printError: (line: string) => told.push(line), isTerminal };
  const progress = createProgressLines(output, () => now);
  progress.show({ stage: 'takes', done: 0, total, made: 0 });
  for (let done = 1; done <= total; done++) {
    const made = Math.max(0, done - found);
    if (made > 0) now += 1000;
    progress.show({ stage: 'takes', done, total, made });
  }
  return told;
}

test('on a terminal a bar is drawn again in its place, with the time that is left', () => {
  expect(lines(true, 3)).toEqual([
    '████████░░░░░░░░░░░░░░░░  1/3 takes, 2 s left',
    '\u001b[1A\u001b[2K████████████████░░░░░░░░  2/3 takes, 1 s left',
    '\u001b[1A\u001b[2K████████████████████████  3/3 takes',
  ]);
});

test('elsewhere a line is written now and then', () => {
  expect(lines(false, 25)).toEqual(['10 of 25 takes, 15 s left', '20 of 25 takes, 5 s left']);
});

test('what is found at once counts for nothing in the time that is left', () => {
  expect(lines(false, 120, 100)).toEqual(['110 of 120 takes, 10 s left', '120 of 120 takes']);
  expect(lines(true, 5, 5)).toEqual([]);
});

test('times are read by people', () => {
  expect([0, 900, 59_000, 80_000, 7_500_000].map(spanOf)).toEqual([
    ...['0 s', '1 s', '59 s', '1 min 20 s', '2 h 5 min'],
  ]);
});

test('a warning in between stays, and the bar goes on below it', () => {
  const told: string[] = [];
  const output = {
    print: () => {},
    printError: (line: string) => told.push(line),
    isTerminal: true,
  };
  let now = 0;
  const progress = createProgressLines(output, () => now);
  for (const done of [0, 1, 2]) {
    progress.show({ stage: 'takes', done, total: 2, made: done });
    now += 1000;
    if (done === 1) progress.say('a warning');
  }
  const OVER = '\u001b[1A\u001b[2K';
  expect(told.map((line) => [line.startsWith(OVER), /\d\/2|a warning/.exec(line)?.[0]])).toEqual([
    [false, '1/2'],
    [true, 'a warning'],
    [false, '2/2'],
  ]);
});
