/**
 * How captions look. A sheet of its own in a shadow root: a strict Content-Security-Policy allows it, and neither the page's
 * style nor the captions' own reaches into the other. Place the element as you like; it is as wide as its longest line.
 */
export const SIZES = { small: 0.75, medium: 1, large: 1.4, huge: 2 } as const;
export const BACKGROUNDS = { none: 0, dim: 0.75, solid: 1 } as const;

/** Medium: 28 px on a screen 1080 px high, never below 18 px. White on black, at the least 10 : 1 with `dim`. */
const CSS = `
:host {
  --size: 1;
  --background: 0.75;
  display: block;
  width: fit-content;
  max-width: 100%;
  pointer-events: none;
  font: 600 calc(var(--size) * max(18px, 2.6vh)) / 1.3 system-ui, sans-serif;
  color: #fff;
}
:host([hidden]) { display: none; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.25em; justify-items: start; }
li {
  display: flex;
  align-items: center;
  gap: 0.5em;
  padding: 0.15em 0.6em;
  border-radius: 0.25em;
  background: rgb(0 0 0 / var(--background));
  text-shadow: 0 0 0.15em #000, 0 0 0.3em #000;
  overflow-wrap: anywhere;
  animation: appear 150ms ease-out;
}
svg {
  flex: none;
  width: 1em;
  height: 1em;
  fill: currentColor;
  stroke: #000;
  stroke-width: 1;
  rotate: calc(var(--angle) * 1deg);
}
.where { font-weight: 400; font-size: 0.8em; }
.copy {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@keyframes appear { from { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { li { animation: none; } }
@media (forced-colors: active) { li { border: 1px solid; background: Canvas; } }
`;

/** @throws TypeError in a document without a window. */
export function captionSheet(page: Document): CSSStyleSheet {
  const Sheet = page.defaultView?.CSSStyleSheet;
  if (Sheet === undefined) {
    throw new TypeError('caption-element: the document has no window. Give the one that is shown.');
  }
  const sheet = new Sheet();
  sheet.replaceSync(CSS);
  return sheet;
}
