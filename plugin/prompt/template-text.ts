/**
 * How a prompt's template is written.
 *
 *   '{weight} footstep on {surface|stone}'  →  weight; surface, or 'stone' where the scene does not say
 */

/** The slot's name, and its default if there is a bar. For `matchAll` and `replace`. */
export const SLOT_PATTERN = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;

export function hasStrayBrace(template: string): boolean {
  return /[{}]/.test(template.replace(SLOT_PATTERN, ''));
}

/** White space and control characters collapsed to single spaces. */
export function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
