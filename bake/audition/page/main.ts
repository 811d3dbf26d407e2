/**
 * The page of `scenefoley audition`: sounds at the left, takes of one at the right. What is written, is written by the server;
 * the page shows what the server then says.
 */
import { elementMaker, setText } from '../../../plugin/panel/elements.ts';
import type { Choice, Listing } from '../contract.ts';
import { listenToKeys } from './keys.ts';
import type { PageParts } from './parts.ts';
import { createTakePlayer } from './player.ts';
import { fetchListing, onChanges, sendChoice } from './server.ts';
import { createSoundList } from './sound-list.ts';
import { createSoundView, type SoundView } from './sound-view.ts';
import { createTakeLoader } from './take-loader.ts';

const make = elementMaker(document);
const loader = createTakeLoader();
const player = createTakePlayer();
const find = element('find', HTMLInputElement);
const status = element('status', HTMLElement);
const problems = element('problems', HTMLElement);
const stage = element('sound', HTMLElement);
const parts: PageParts = { make, loader, player, choose: (choice) => void choose(choice), tell };
const list = createSoundList({ make, list: element('sounds', HTMLElement), find, onPick: pick });

let listing: Listing = { file: '', problems: [], sounds: [] };
let current = '';
let view: SoundView | undefined;

async function refresh(): Promise<void> {
  try {
    listing = await fetchListing();
  } catch (error) {
    return tell(String(error));
  }
  setText(element('file', HTMLElement), listing.file);
  showProblems(listing.problems);
  const isKnown = listing.sounds.some(({ name }) => name === current);
  show(isKnown ? current : (listing.sounds[0]?.name ?? ''));
}

function pick(name: string): void {
  player.stop();
  loader.giveUp();
  view = undefined;
  show(name);
}

/** A view that still fits stays, with its focus and what is open. */
function show(name: string): void {
  current = name;
  list.show(listing.sounds, current);
  const sound = listing.sounds.find((one) => one.name === current);
  if (sound === undefined) {
    stage.replaceChildren();
    return;
  }
  if (view?.update(sound)) return;
  view = createSoundView(parts, sound);
  stage.replaceChildren(view.element);
}

function showProblems(lines: readonly string[]): void {
  problems.hidden = lines.length === 0;
  const items = lines.map((text) => make('li', { text }));
  const head = make('strong', {
    text: 'Correct the sound map:',
  });
  problems.replaceChildren(head, make('ul', {}, ...items));
}

async function choose(choice: Choice): Promise<void> {
  try {
    await sendChoice(choice);
    tell(wordsOf(choice));
    await refresh();
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
  }
}

function wordsOf(choice: Choice): string {
  if ('ban' in choice) return `Seed ${choice.ban} is banned, the next one takes its place.`;
  if ('allow' in choice) return `Seed ${choice.allow} may play again.`;
  return choice.lock === null ? 'All of the pool play.' : `Only seed ${choice.lock} plays.`;
}

function tell(text: string): void {
  setText(status, text);
}

function element<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`audition: the page has no #${id}. Build it anew.`);
}

const redraw = () => view?.redraw();
new ResizeObserver(redraw).observe(stage);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
listenToKeys(() => view, find);
onChanges(
  () => void refresh(),
  (isLost) => tell(isLost ? 'The command has ended. Start it again.' : ''),
);
void refresh();
