/** A caption as a sentence: 'glass breaks (×5), behind left, near'. */
import type { Caption } from '../captions.ts';

export function captionWords({ text, direction, height, range }: Caption): string {
  return [text, direction, height, range].filter((word) => word !== null).join(', ');
}
