/** Buttons over the scene. A tool with `isOn` is a switch. */
import { element } from './element.ts';

export interface Tool {
  label: string;
  /** CSS colour of the little square. */
  colour?: string;
  /** Read again after each press: makes the tool a switch. */
  isOn?: () => boolean;
  onPress: () => void;
}

export interface Toolbar {
  /** Reads all switches again. */
  refresh(): void;
}

export function createToolbar(tools: Tool[]): Toolbar {
  const bar = element('toolbar', HTMLDivElement);
  const buttons = tools.map((tool) => createButton(tool, refresh));
  bar.replaceChildren(...buttons);

  function refresh(): void {
    for (const [i, { isOn }] of tools.entries()) {
      if (isOn) buttons[i]?.setAttribute('aria-pressed', String(isOn()));
    }
  }
  refresh();
  return { refresh };
}

function createButton({ label, colour, isOn, onPress }: Tool, refresh: () => void) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tool';
  if (colour || isOn) {
    const swatch = document.createElement('span');
    swatch.className = 'swatch';
    if (colour) swatch.style.setProperty('--swatch', colour);
    button.append(swatch);
  }
  button.append(label);
  button.addEventListener('click', () => {
    onPress();
    refresh();
  });
  return button;
}
