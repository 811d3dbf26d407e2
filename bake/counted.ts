/** How many, in words: 1 take, 2 takes, 1,000 takes. */
export function counted(count: number, word: string): string {
  return `${numberText(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** With commas between thousands, whatever the machine's language. */
export function numberText(count: number): string {
  return count.toLocaleString('en');
}
