/**
 * The emitters of a game: one for each node, gone with it; what they play is logged and has captions.
 */
import { type EngineAdapter, withDefaults } from '../adapter.ts';
import type { Captions } from '../captions.ts';
import {
  createEmitter,
  type EmitterOptions,
  type FoleyEmitter,
  type WatchedEmitter,
} from '../emitter.ts';
import type { EventLog, Told } from '../foley/event-log.ts';
import type { SoundPlace } from '../mixer/sound-place.ts';
import type { Mixer } from '../mixer.ts';
import type { TakeLibrary } from '../takes.ts';
import type { Voices } from '../voices.ts';
import { createOutlet } from './outlet.ts';

export interface Emitters<N> {
  /** Same node, same emitter; options count the first time. @throws RangeError for bad options */
  get(node: N, options: EmitterOptions): FoleyEmitter;
  /** Those there are, in the order they were made. */
  readonly all: Iterable<[node: N, emitter: WatchedEmitter]>;
  dispose(): void;
}

export interface EmittersParts<N> {
  adapter: EngineAdapter<N>;
  mixer: Mixer<N>;
  voices: Voices;
  takes: TakeLibrary;
  captions: Captions;
  log: EventLog;
  /** Whether plays that do not say so are streamed. */
  stream: boolean;
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
}

export function createEmitters<N>(parts: EmittersParts<N>): Emitters<N> {
  const { adapter, mixer, voices, takes, captions, log, stream, signal } = parts;
  const emitters = new Map<N, WatchedEmitter>();

  function add(node: N, { volume = 1, name = 'foley', ...attenuation }: EmitterOptions) {
    withDefaults(attenuation);
    const onNodeGone = () => emitters.get(node)?.dispose();
    const place = mixer.createPlace({ name, node, attenuation, onNodeGone });
    const emitter = createEmitter({
      takes,
      volume,
      stream,
      outlet: createOutlet(place, voices),
      signal,
      onDispose: () => emitters.delete(node),
      onPlayed(played) {
        log.tell(playedEvent(played));
        caption(node, place, played);
      },
      onFailed: ({ request: { prompt, seed = 0 }, askedAt, error }) => {
        const latencyMs = performance.now() - askedAt;
        log.tell({ kind: 'failed', prompt, seed, latencyMs, error });
      },
    });
    emitters.set(node, emitter);
    return emitter;
  }

  function caption(node: N, place: SoundPlace, { voice, how, caption: label }: Played): void {
    if (label === undefined || voice.refusal !== null) return;
    const { volume, priority, loop: lasting } = how;
    const gain = () => volume * place.distanceGain();
    const position = () => adapter.positionOf(node);
    captions.heard({ label, voice, position, gain, priority, lasting });
  }

  return {
    get: (node, options) => emitters.get(node) ?? add(node, options),
    all: emitters,
    dispose() {
      for (const emitter of [...emitters.values()]) emitter.dispose();
    },
  };
}

type Played = Parameters<Parameters<typeof createEmitter>[0]['onPlayed']>[0];

function playedEvent({ request, askedAt, voice, playable, source }: Played): Told {
  const { prompt, seed: wanted = 0 } = request;
  const take = playable?.take;
  const latencyMs = performance.now() - askedAt;
  const facts = { prompt, seed: take?.seed ?? wanted, source, latencyMs, ...(take && { take }) };
  if (voice.refusal === null) return { kind: 'played', ...facts };
  return { kind: 'missed', reason: voice.refusal, ...facts };
}
