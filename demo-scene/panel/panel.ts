/** The panel: ties its parts to the sounds. What is pressed goes out through the options, what happened comes in as events. */
import type { FoleyEvent } from '../../plugin/foley.ts';
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { saveWav } from '../save-wav.ts';
import { element, showText } from './element.ts';
import { createEventLog, heardOf } from './event-log.ts';
import { showLegend } from './legend.ts';
import { createPromptBox } from './prompt-box.ts';
import { createSheet } from './sheet.ts';
import { createTabs } from './tabs.ts';
import { createTakeView, type Heard } from './take-view.ts';

/** What becomes of takes; null: nothing can be chosen, as for prompts by hand. */
export interface TakeChoice {
  isLocked: boolean;
  isBanned: boolean;
}

export interface PanelOptions {
  /** Makes a prompt's sound and plays it. */
  generate(
    request: SoundRequestInput,
    signal: AbortSignal,
    onProgress: (part: number) => void,
  ): Promise<void>;
  /** Plays a take once more. */
  play(heard: Heard): void;
  choiceOf(heard: Heard): TakeChoice | null;
  lock(heard: Heard, locked: boolean): void;
  ban(heard: Heard): void;
}

export interface Panel {
  onEvent(event: FoleyEvent): void;
  /** Of a prompt that was asked for by hand. */
  select(heard: Heard): void;
  /** Plays what is shown. */
  playShown(): void;
  /** The model is there. */
  setReady(): void;
  setSeed(seed: number): void;
  /** Reads again what became of the shown take. */
  refreshChoice(words?: string): void;
}

export function createPanel(options: PanelOptions): Panel {
  const lock = element('lock', HTMLButtonElement);
  const ban = element('ban', HTMLButtonElement);
  const note = element('choice', HTMLParagraphElement);
  const takes = createTakeView({ onCompare: options.play, onShow: () => refreshChoice('') });
  const log = createEventLog(takes.show);
  const prompts = createPromptBox({
    generate: options.generate,
    play: playShown,
    save: () => takes.shown && saveWav(takes.shown.take),
  });
  let awaited: FoleyEvent | null = null; // the last sound, if its take is still to come
  createTabs('tabs');
  createSheet();
  showLegend();
  lock.addEventListener('click', () => {
    if (takes.shown) options.lock(takes.shown, lock.ariaPressed !== 'true');
  });
  ban.addEventListener('click', () => {
    if (takes.shown) options.ban(takes.shown);
  });

  function playShown(): void {
    if (takes.shown) options.play(takes.shown);
  }

  function refreshChoice(words?: string): void {
    const choice = takes.shown ? options.choiceOf(takes.shown) : null;
    prompts.setSelected();
    lock.disabled = choice === null;
    ban.disabled = choice === null || choice.isBanned;
    lock.setAttribute('aria-pressed', String(choice?.isLocked ?? false));
    ban.setAttribute('aria-pressed', String(choice?.isBanned ?? false));
    if (words !== undefined) showText(note, words);
  }

  return {
    onEvent(event) {
      const heard = heardOf(event);
      const isNew = heard?.take.soundKey !== takes.shown?.take.soundKey;
      const isBrought = isBroughtBy(event, awaited);
      const sound = isBrought ? (awaited?.sound ?? null) : event.sound;
      const isPlayed = event.kind === 'played' || isBrought;
      // What is only made ahead is counted, but was not heard.
      if (event.kind !== 'generated' || isBrought) log.add({ ...event, sound });
      if (isPlayed && heard && isNew) takes.show({ ...heard, sound });
      if (event.kind === 'played') awaited = heard ? null : event;
    },
    select: takes.show,
    playShown,
    setReady: prompts.setReady,
    setSeed: prompts.setSeed,
    refreshChoice,
  };
}

/** The take of what was played while it was made. */
function isBroughtBy({ kind, prompt, seed }: FoleyEvent, awaited: FoleyEvent | null): boolean {
  return kind === 'generated' && awaited?.prompt === prompt && awaited.seed === seed;
}
