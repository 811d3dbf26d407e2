/**
 * A panel for whoever designs the sounds: figures, audition, sounds, emitters, queue, events.
 *
 *   foley.inspect ──▶ a few times a second, while the panel can be seen ──▶ rows
 *   foley.onEvent ──▶ journal ──────────────────────────────────────────▶ rows ──▶ lock, ban ──▶ foley
 *   prompt ──▶ foley.runtime.generate ──▶ player
 *
 * No HTML is made from data, no style attribute is written: it works under a strict Content-Security-Policy.
 */
import type { RuntimeClient } from '../../runtime/client.ts';
import type { Foley } from '../foley.ts';
import type { TakeChoice } from '../sound-definition.ts';
import { createAudition } from './audition.ts';
import { createChoices } from './choices.ts';
import { elementMaker, setText } from './elements.ts';
import { createEventList } from './event-list.ts';
import { createFigures } from './figures.ts';
import { type Journal, keepJournal } from './journal.ts';
import { createPlayer } from './player.ts';
import { createEmitterList, createQueueList } from './scene-lists.ts';
import { createSoundList } from './sound-list.ts';
import { panelSheet } from './style.ts';
import { whileSeen } from './while-seen.ts';
import { errorInWords } from './words.ts';

/** What a panel needs of a Foley. */
export interface PanelFoley
  extends Pick<Foley<never>, 'inspect' | 'onEvent' | 'play' | 'lock' | 'ban' | 'sounds'> {
  readonly runtime: Pick<RuntimeClient, 'generate'>;
}

/** `undefined` means default. */
export interface FoleyPanelOptions {
  /** Where the element is made; default the page's. */
  document?: Document | undefined;
  /** Where auditions are heard; default one of the panel's own, closed with it. */
  context?: BaseAudioContext | undefined;
  /** A take was locked, unlocked or banned: what is chosen of that sound now, as `withTakeChoice` writes it into a file. */
  onChoice?: ((sound: string, takes: TakeChoice) => void) | undefined;
}

export interface FoleyPanel {
  /** Put it into the page. */
  readonly element: HTMLElement;
  /** Removes it from the page and from the foley. Idempotent. */
  dispose(): void;
}

/** @throws TypeError for a document without a window. */
export function createFoleyPanel(foley: PanelFoley, options: FoleyPanelOptions = {}): FoleyPanel {
  const journal = keepJournal(foley);
  const panel = createPanel(foley, journal, options);
  return {
    element: panel.element,
    dispose() {
      panel.dispose();
      journal.dispose();
    },
  };
}

/** Shows a journal that is kept elsewhere. @throws likewise */
export function createPanel(
  foley: PanelFoley,
  journal: Journal,
  { document: page = document, context, onChoice = () => {} }: FoleyPanelOptions,
): FoleyPanel {
  const make = elementMaker(page);
  const host = make('div');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [panelSheet(page)];
  const problem = make('p', { className: 'problem' });
  problem.role = 'alert';
  const tell = (error: unknown) => setText(problem, errorInWords(error));
  const player = createPlayer(context);
  const choices = createChoices(foley, { onChoice, onProblem: tell });
  const gone = new AbortController();
  const { signal } = gone;

  function play(sound: string): void {
    setText(problem, '');
    foley.play(sound, { signal }).catch((error: unknown) => signal.aborted || tell(error));
  }

  const figures = createFigures(make);
  const audition = createAudition({ make, runtime: foley.runtime, listen: player.play });
  const sounds = createSoundList({ make, choices, play });
  const emitters = createEmitterList(make);
  const queue = createQueueList(make);
  const events = createEventList({ make, choices, listen: player.play });
  const parts = [figures, audition, sounds, emitters, queue, events];
  root.append(problem, ...parts.map(({ element }) => element));

  function refresh(): void {
    try {
      const snapshot = foley.inspect();
      choices.look();
      figures.show(snapshot);
      sounds.show([...choices.sounds.values()]);
      emitters.show(snapshot.emitters);
      queue.show(snapshot.queue);
      events.show(journal.entries);
    } catch (error) {
      tell(error);
    }
  }

  const stop = whileSeen(host, page, refresh);
  return {
    element: host,
    dispose() {
      gone.abort();
      stop();
      audition.dispose();
      player.dispose();
      host.remove();
    },
  };
}
