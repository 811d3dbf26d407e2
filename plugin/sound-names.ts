/**
 * The names of a game's sounds, where TypeScript knows them: a slip of the pen is then an error while one writes.
 *
 *   sounds.yaml ── scenefoley/rollup ──▶ interface SceneFoleySoundNames { step: true } ──▶ foley.play('stepp') is an error
 *   no such file                       ──▶ the interface is empty                       ──▶ any string will do
 *
 * Sounds that code adds are added to the interface by hand, in the same way.
 */

declare global {
  /** Its keys are the names of sounds. Empty: nobody has told them. */
  interface SceneFoleySoundNames {}
}

export type SoundName = [keyof SceneFoleySoundNames] extends [never]
  ? string
  : Extract<keyof SceneFoleySoundNames, string>;
