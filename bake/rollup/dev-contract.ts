/** What the plugin in Vite's development server tells the page. Types only. */

/** Sent as event 'scenefoley:sounds'; the page says hello with the version it has ('scenefoley:hello'). */
export interface ServedSounds {
  version: number;
  /** Address of the pack, as baked so far. */
  baked: string;
  /** Address of the sound map, as JSON. */
  sounds: string;
  /** Address of the model's folder. */
  model: string;
  /** The game also makes what is not baked. */
  live: boolean;
}

/** `import.meta.hot`, as far as it is needed. */
export interface HotContext {
  on(event: string, listener: (data: ServedSounds) => void): void;
  send(event: string, data: object): void;
}
