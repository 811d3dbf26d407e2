/**
 * One take in the list: heard, seen, judged, chosen.
 *
 *   [Play] ▁▂▇▅▂▁  seed 3, 0.52 s · −18 LUFS, clipped   [Lock] [Ban]
 */
import { buttonOf, setText } from '../../../plugin/panel/elements.ts';
import type { Fault } from '../../contract.ts';
import type { AuditionSound } from '../contract.ts';
import type { PageParts } from './parts.ts';
import type { LoadedTake, TakeName } from './server.ts';
import { drawWaveform } from './waveform.ts';

export interface TakeRow {
  readonly element: HTMLElement;
  readonly seed: number;
  /** What is locked or banned has changed. */
  update(sound: AuditionSound): void;
  /** Made and seen, not heard. */
  prepare(): void;
  /** Heard; or no longer, where it is. */
  toggle(): void;
  lock(): void;
  ban(): void;
  focus(): void;
  /** The canvas has another size or colour. */
  redraw(): void;
}

const FAULTS: Record<Fault, string> = {
  silent: 'silent',
  clipped: 'clipped',
  'cut-off': 'cut off',
  'near-copy': 'a near copy',
  'off-prompt': 'off its prompt',
};

export function createTakeRow(parts: PageParts, name: TakeName): TakeRow {
  const { make, loader, player, choose, tell } = parts;
  const { sound, seed } = name;
  let loaded: LoadedTake | undefined;
  let isPlaying = false;
  let locked: number | null = null;

  const listen = buttonOf(make, 'Play', toggle);
  const canvas = make('canvas');
  canvas.role = 'img';
  const facts = make('span', { className: 'facts', text: `seed ${seed}` });
  const lockButton = buttonOf(make, 'Lock', lock);
  const banButton = buttonOf(make, 'Ban', ban);
  const acts = make('span', { className: 'acts' }, lockButton, banButton);
  const element = make('li', { className: 'take' }, listen, canvas, facts, acts);
  element.dataset.seed = String(seed);
  listen.ariaLabel = `Play seed ${seed}`;
  lockButton.ariaLabel = `Lock seed ${seed}`;
  banButton.ariaLabel = `Ban seed ${seed}`;

  async function load(isUrgent: boolean): Promise<LoadedTake | undefined> {
    try {
      loaded = await loader.load(name, isUrgent);
      facts.replaceChildren(...factsOf(parts, seed, loaded));
      redraw();
      return loaded;
    } catch (error) {
      const isGivenUp = error instanceof DOMException && error.name === 'AbortError';
      if (!isGivenUp) setText(facts, `seed ${seed} · ${String(error)}`);
      return undefined;
    }
  }

  async function play(): Promise<void> {
    if (loaded === undefined) setText(listen, 'Making…');
    const take = await load(true);
    setText(listen, 'Play');
    if (take === undefined) return;
    player.play(take, () => show(false));
    show(true);
    tell(`${sound}, seed ${seed}`);
  }

  function show(playing: boolean): void {
    isPlaying = playing;
    setText(listen, playing ? 'Stop' : 'Play');
    listen.ariaLabel = `${playing ? 'Stop' : 'Play'} seed ${seed}`;
  }

  function toggle(): void {
    if (isPlaying) player.stop();
    else void play();
  }

  function lock(): void {
    choose({ sound, lock: locked === seed ? null : seed });
  }

  function ban(): void {
    if (isPlaying) player.stop();
    choose({ sound, ban: seed });
  }

  function redraw(): void {
    if (loaded === undefined || canvas.clientWidth === 0) return;
    const seconds = loaded.audio.duration.toFixed(2);
    drawWaveform(canvas, loaded.audio, `Waveform of seed ${seed}, ${seconds} seconds`);
  }

  return {
    element,
    seed,
    update(next) {
      locked = next.lock;
      const isLocked = locked === seed;
      const state = isLocked ? 'locked' : locked === null ? 'pool' : 'idle';
      const isNew = element.dataset.state !== state;
      element.dataset.state = state;
      if (isNew) redraw(); // each state has its colour
      setText(lockButton, isLocked ? 'Unlock' : 'Lock');
      lockButton.ariaPressed = String(isLocked);
      lockButton.ariaLabel = `${isLocked ? 'Unlock' : 'Lock'} seed ${seed}`;
    },
    prepare: () => void load(false),
    toggle,
    lock,
    ban,
    focus: () => listen.focus(),
    redraw,
  };
}

function factsOf({ make }: PageParts, seed: number, { audio, facts }: LoadedTake): Node[] {
  const { faults, loudness, score } = facts;
  const level = loudness === null ? 'silence' : `${loudness.toFixed(0).replace('-', '−')} LUFS`;
  const match = score === null ? '' : ` · match ${Math.round(100 * score)} %`;
  const words = faults.map((fault) => FAULTS[fault]).join(', ');
  return [
    make('span', { text: `seed ${seed}${match}` }),
    make('span', { text: `${audio.duration.toFixed(2)} s · ${level}` }),
    ...(words === '' ? [] : [make('span', { className: 'fault', text: words })]),
  ];
}
