/** Buttons over the scene. A tool with `isOn` is a switch, one with `setLevel` a slider. */
import { element } from './element.ts';

export interface Tool {
  /** What is read; the words of `text` are in it. */
  label: string;
  /** What is shown; default the label. */
  text?: string;
  /** CSS colour of the little square. */
  colour?: string;
  /** Read again after each press: makes the tool a switch. */
  isOn?: () => boolean;
  onPress: () => void;
}

export interface Slider {
  label: string;
  /** In [0, 1]. */
  level: () => number;
  setLevel: (level: number) => void;
}

export interface Toolbar {
  /** Reads all switches and sliders again. */
  refresh(): void;
}

/** @param id of the element that holds them. */
export function createToolbar(id: string, tools: readonly (Tool | Slider)[]): Toolbar {
  const refreshers: (() => void)[] = [];
  const refresh = () => {
    for (const one of refreshers) one();
  };
  const made = tools.map((tool) => ('setLevel' in tool ? slider(tool) : button(tool, refresh)));
  for (const { refreshOne } of made) refreshers.push(refreshOne);
  element(id, HTMLElement).replaceChildren(...made.map(({ whole }) => whole));
  refresh();
  return { refresh };
}

function button({ label, text = label, colour, isOn, onPress }: Tool, refresh: () => void) {
  const whole = document.createElement('button');
  whole.type = 'button';
  whole.className = 'tool';
  if (text !== label) whole.ariaLabel = label;
  if (colour || isOn) {
    const swatch = document.createElement('span');
    swatch.className = 'swatch';
    if (colour) swatch.style.setProperty('--swatch', colour);
    whole.append(swatch);
  }
  whole.append(text);
  whole.addEventListener('click', () => {
    onPress();
    refresh();
  });
  const refreshOne = () => {
    if (isOn) whole.setAttribute('aria-pressed', String(isOn()));
  };
  return { whole, refreshOne };
}

function slider({ label, level, setLevel }: Slider) {
  const whole = document.createElement('label');
  whole.className = 'tool slider';
  const input = document.createElement('input');
  Object.assign(input, { type: 'range', min: '0', max: '1', step: '0.05' });
  whole.append(label, input);
  input.addEventListener('input', () => {
    setLevel(input.valueAsNumber);
    tellLevel();
  });
  const tellLevel = () => {
    input.ariaValueText = `${Math.round(100 * input.valueAsNumber)} %`;
  };
  const refreshOne = () => {
    input.value = String(level());
    tellLevel();
  };
  return { whole, refreshOne };
}
