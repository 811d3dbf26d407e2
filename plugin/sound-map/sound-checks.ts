/** What one field of a sound says about another: slots of its prompt, distances, loops. */

import { isSource } from '../prompt/slots.ts';
import { hasStrayBrace } from '../prompt/template-text.ts';
import type { SoundDefinition } from '../sound-definition.ts';
import type { SoundInput } from './input.ts';
import type { Path, Problems } from './problems.ts';
import {
  fillTemplate,
  INTENSITY_WORDS,
  type SlotUse,
  slotUses,
  unknownField,
  unknownSlot,
} from './template.ts';
import { either, shown } from './words.ts';

const MAX_PROMPT_CHARACTERS = 256;

interface Checked {
  sound: SoundDefinition;
  /** As it stands in the file, without what is inherited. */
  written: Pick<SoundInput, 'slots' | 'control' | 'on'>;
  path: Path;
  problems: Problems;
}

export function checkSound(checked: Checked): void {
  checkPrompt(checked);
  checkSlots(checked);
  checkDistances(checked);
  checkTakes(checked);
  checkControls(checked);
  checkBindings(checked);
}

function checkPrompt({ sound, path, problems }: Checked): void {
  const at = [...path, 'prompt'];
  const declared = [...sound.slots.keys()];
  if (hasStrayBrace(sound.prompt)) {
    problems.add(at, 'has a brace without its pair. Write slots like {a.material}.');
  }
  for (const { name } of slotUses(sound.prompt)) {
    const isKnown = sound.slots.has(name) || isSource(name);
    if (!isKnown) problems.add(at, () => unknownSlot(name, declared));
  }
  const longest = [...fillTemplate(sound.prompt, (slot) => longestWord(sound, slot))].length;
  if (longest > MAX_PROMPT_CHARACTERS) {
    problems.add(
      at,
      `must have at most ${MAX_PROMPT_CHARACTERS} characters with its longest words, got ${longest}.`,
    );
  }
}

function longestWord(sound: SoundDefinition, { name, fallback }: SlotUse): string {
  const slot = sound.slots.get(name);
  const own = (slot?.from ?? name) === 'intensity' ? INTENSITY_WORDS : [];
  const values = slot !== undefined && slot.values.length > 0 ? slot.values : own;
  const words = [...values, slot?.default ?? '', fallback ?? ''];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function checkSlots({ sound, written, path, problems }: Checked): void {
  const used = new Set(slotUses(sound.prompt).map(({ name }) => name));
  for (const name of Object.keys(written.slots ?? {})) {
    if (!used.has(name)) {
      problems.add([...path, 'slots', name], `is not in the prompt. Write {${name}} there.`, true);
    }
  }
  for (const [name, slot] of sound.slots) {
    const at = [...path, 'slots', name];
    const { from, values, default: standard } = slot;
    if (from !== null && !isSource(from)) {
      problems.add([...at, 'from'], () => unknownField(from));
    }
    if (standard !== null && values.length > 0 && !values.includes(standard)) {
      problems.add(
        [...at, 'default'],
        `must be one of its values (${either(values)}), got ${shown(standard)}.`,
      );
    }
  }
}

function checkDistances({ sound, path, problems }: Checked): void {
  if (sound.attenuation === null) return;
  const { refDistance, maxDistance, cone } = sound.attenuation;
  const at = [...path, 'attenuation'];
  if (maxDistance <= refDistance) {
    const limit = `more than refDistance (${refDistance})`;
    problems.add([...at, 'maxDistance'], `must be ${limit}, got ${maxDistance}.`);
  }
  if (cone !== null && cone.outer < cone.inner) {
    const limit = `at least inner (${cone.inner})`;
    problems.add([...at, 'cone', 'outer'], `must be ${limit}, got ${cone.outer}.`);
  }
}

function checkTakes({ sound, path, problems }: Checked): void {
  const { lock, ban } = sound.takes;
  if (lock !== null && ban.includes(lock)) {
    problems.add([...path, 'takes', 'lock'], `must not be banned, got ${lock}.`);
  }
  if (sound.ambience !== null && sound.ambience.crossfade > sound.duration / 2) {
    const limit = `at most half the duration (${sound.duration / 2})`;
    const got = sound.ambience.crossfade;
    problems.add([...path, 'ambience', 'crossfade'], `must be ${limit}, got ${got}.`);
  }
}

function checkControls({ sound, written, path, problems }: Checked): void {
  sound.control.forEach(({ range: [from, to], pitch, volume }, index) => {
    const at = placeOf([...path, 'control'], written.control, index);
    if (from === to) problems.add([...at, 'range'], `must have two different ends, got ${from}.`);
    if (pitch === null && volume === null)
      problems.add(at, 'changes nothing. Give it pitch or volume.');
  });
}

function checkBindings({ sound, written, path, problems }: Checked): void {
  sound.on.forEach(({ when, at: marks }, index) => {
    const at = placeOf([...path, 'on'], written.on, index);
    const stated = Array.isArray(written.on) ? written.on[index] : written.on;
    if (marks.length > 0 && stated !== undefined && 'when' in stated) {
      problems.add([...at, 'when'], 'must not stand beside at: write two bindings.');
    }
    if (sound.loop && when !== 'while') problems.add(at, ENDLESS);
  });
}

const ENDLESS =
  'must be something that lasts, since the sound loops: inside, present, emits, playing or lasts.';

/** One is written without a list around it. */
function placeOf(path: Path, written: unknown, index: number): Path {
  return Array.isArray(written) ? [...path, index] : path;
}
