/** What an adapter is tested in. Types only. */
import type { EngineAdapter } from '../../../plugin/adapter.ts';
import type { Point, SceneEvent } from '../../../plugin/scene-event.ts';

/** An adapter with a world around it, whatever its nodes are. */
export interface World<N> {
  adapter: EngineAdapter<N>;
  context: OfflineAudioContext;
  /** @param forward where its front looks, a unit vector in the plane y = 0 */
  addNode(at: Point, forward?: Point): N;
  moveNode(node: N, to: Point): void;
  removeNode(node: N): void;
  /** One rendered image later. */
  tick(): void;
  /** A collision of two things that the world has; where there are none, the event as it is. */
  emit(event: SceneEvent): void;
  /** False where nothing is rendered. */
  images: boolean;
}

export type CreateWorld<N> = () => Promise<World<N>>;
