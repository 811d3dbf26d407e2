/** Where the library of takes gets what it has not: the runtime, or packs in front of it (baked-first.ts). */
import type { RuntimeClient } from '../../runtime/client.ts';
import type { SoundRequestInput } from '../../runtime/contract.ts';

export interface SoundMaker {
  readonly stream: RuntimeClient['stream'];
  /** In a pack: it will be there within some ten milliseconds, without the model. Absent: nothing is. */
  isBaked?(request: SoundRequestInput): boolean;
  /** False: in no pack, and nothing else is made. Absent: everything can be. */
  offers?(request: SoundRequestInput): boolean;
  /** Seeds of a sound that a pack answers by this one, where its bake has rolled again. Absent: none. */
  askedFor?(sound: string, seed: number): number[];
  /** Resolves when it is known what is baked; never rejects. Absent: it is known. */
  readonly known?: Promise<void>;
}
