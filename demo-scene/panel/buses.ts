/** A volume for each bus of the sound map, in decibels' steps as ears hear them. */
import { element } from './element.ts';

export interface Bus {
  name: string;
  /** Linear. */
  volume: number;
}

const QUIETEST_DB = -40;

export function showBuses(buses: Iterable<Bus>, setVolume: (bus: string, volume: number) => void) {
  const rows = [...buses].map(({ name, volume }) => {
    const row = document.createElement('label');
    row.className = 'bus';
    const input = document.createElement('input');
    Object.assign(input, { type: 'range', min: String(QUIETEST_DB), max: '6', step: '1' });
    input.value = String(volume > 0 ? 20 * Math.log10(volume) : QUIETEST_DB);
    const told = document.createElement('output');
    const tell = () => {
      const isOff = input.valueAsNumber <= QUIETEST_DB;
      told.textContent = isOff ? 'off' : `${input.valueAsNumber > 0 ? '+' : ''}${input.value} dB`;
      input.ariaValueText = told.textContent;
      return isOff ? 0 : 10 ** (input.valueAsNumber / 20);
    };
    tell();
    input.addEventListener('input', () => setVolume(name, tell()));
    const title = document.createElement('span');
    title.textContent = name;
    row.append(title, input, told);
    return row;
  });
  element('buses', HTMLFieldSetElement).replaceChildren(...rows);
}
