/**
 * How a panel looks: in the colours of Babylon's Inspector where it is in one, else in the system's. A sheet of its own in a
 * shadow root, which a strict Content-Security-Policy allows.
 */
const CSS = `
:host {
  --text: var(--colorNeutralForeground1, CanvasText);
  --quiet: var(--colorNeutralForeground3, GrayText);
  --line: var(--colorNeutralStroke2, color-mix(in srgb, CanvasText 20%, Canvas));
  --accent: var(--colorBrandForeground1, LinkText);
  display: block;
  flex: 1;
  min-height: 0;
  overflow: auto;
  padding: 8px 12px;
  box-sizing: border-box;
  color: var(--text);
  background: var(--colorNeutralBackground2, Canvas);
  font: 12px/1.4 system-ui, sans-serif;
}
:host([hidden]) { display: none; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(76px, 1fr)); gap: 6px; margin: 0 0 8px; }
dt, .quiet, .prompt { color: var(--quiet); }
dd { margin: 0; font-size: 14px; font-variant-numeric: tabular-nums; }
form { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; padding: 8px 0; border-top: 1px solid var(--line); }
form > :is(label:first-child, .acts, p) { grid-column: 1 / -1; }
label { display: grid; color: var(--quiet); }
input, button {
  font: inherit;
  color: var(--text);
  background: var(--colorNeutralBackground1, Canvas);
  border: 1px solid var(--line);
  border-radius: 4px;
  padding: 2px 8px;
  min-width: 0;
}
button { cursor: pointer; min-height: 24px; }
button:disabled { color: var(--quiet); cursor: default; }
:is(input, button, summary):focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
[hidden] { display: none; }
p { margin: 0; }
p:empty { display: none; }
.problem { color: var(--colorPaletteRedForeground1, CanvasText); font-weight: 600; }
details { border-top: 1px solid var(--line); padding: 6px 0; }
summary { font-weight: 600; cursor: pointer; }
ul { list-style: none; margin: 0; padding: 0; }
li {
  display: grid;
  grid-template-columns: 1fr auto;
  align-items: center;
  gap: 0 8px;
  padding: 3px 0;
  border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
}
li.line { grid-template-columns: 1fr auto auto; }
li.line .acts { grid-column: auto; }
.prompt { grid-column: 1; }
li:last-child { border-bottom: 0; }
.acts { display: flex; flex-wrap: wrap; gap: 4px; justify-content: end; grid-column: -2; }
form .acts { justify-content: start; }
.acts:empty { display: none; }
.state { font-variant-numeric: tabular-nums; text-align: end; }
.state[data-state]::before {
  content: '';
  display: inline-block;
  width: 8px;
  height: 8px;
  margin-inline-end: 5px;
  border-radius: 50%;
  background: var(--dot, var(--quiet));
}
[data-state=ready], [data-state=generated] { --dot: #2d7ff9; }
[data-state=playing], [data-state=played] { --dot: #1f9d55; }
[data-state=generating] { --dot: #e0a100; }
[data-state=fallback] { --dot: #b45ce0; }
[data-state=failed] { --dot: #d43c3c; }
`;

/** @throws TypeError for a document without a window. */
export function panelSheet(page: Document): CSSStyleSheet {
  const Sheet = page.defaultView?.CSSStyleSheet;
  if (Sheet === undefined) {
    throw new TypeError('panel: the document has no window. Give the one that is shown.');
  }
  const sheet = new Sheet();
  sheet.replaceSync(CSS);
  return sheet;
}
