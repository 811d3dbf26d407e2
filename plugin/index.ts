/** `scenefoley`: the engine-free core and the runtime client. Babylon's door is `scenefoley/babylon`. */
export { createRuntimeClient } from '../runtime/client.ts';
export type { EngineAdapter } from './adapter.ts';
export type { CollisionRule } from './director.ts';
export { createNullAdapter } from './engines/null.ts';
export { createWebAudioAdapter } from './engines/webaudio.ts';
export { createFoleyWith, type Foley, type FoleyEvent, type FoleyOptions } from './foley.ts';
export type { SceneEvent } from './scene-event.ts';
