/** What the parts of the page are handed. Types only. */
import type { ElementMaker } from '../../../plugin/panel/elements.ts';
import type { Choice } from '../contract.ts';
import type { TakePlayer } from './player.ts';
import type { TakeLoader } from './take-loader.ts';

export interface PageParts {
  make: ElementMaker;
  loader: TakeLoader;
  player: TakePlayer;
  /** Writes it into the sound map; what is wrong is said in the status line. */
  choose(choice: Choice): void;
  /** A line for everybody, screen readers too. */
  tell(text: string): void;
}
