/**
 * One sound that is being made, for all who want it meanwhile.
 *
 *   part, part, … whole ──▶ listener, from the first part on
 *                       ──▶ listener who comes later, from the first part on too
 *                       ──▶ waiter, the whole alone
 *
 * The work goes on while anybody wants it, and is aborted with the last who leaves.
 */
import type { SoundPart } from '../../runtime/contract.ts';
import { abortError, orAborted } from '../abort.ts';
import type { Meter } from './meter.ts';

/** One listener's way through a sound that is being made. Read it to its end, or leave it. */
export interface PartStream<T> {
  /**
   * The next part; after the last one the whole.
   * @throws AbortError, and what the work throws.
   */
  next(): Promise<IteratorResult<SoundPart, T>>;
  /** How long to wait before what has come is played, see Meter. */
  readonly wait: Meter['wait'];
  /** Wants it no longer. Idempotent. */
  leave(): void;
}

/** @typeParam T the whole sound. */
export interface Generation<T> {
  /** @throws AbortError, and what the work throws. */
  whole(signal: AbortSignal): Promise<T>;
  listen(signal: AbortSignal): PartStream<T>;
}

export interface GenerationOptions<T> {
  /** The work; tells of parts if there are any. */
  make: (signal: AbortSignal, onPart: (part: SoundPart) => void) => Promise<T>;
  meter: Meter;
  /** It is done, has failed, or nobody wants it any more. Once, never from inside `createGeneration`. */
  onOver: () => void;
}

export function createGeneration<T>({ make, meter, onOver }: GenerationOptions<T>): Generation<T> {
  const stop = new AbortController();
  const parts: SoundPart[] = [];
  let wanted = 0;
  let over = false;
  let news = createSignal();
  const work = Promise.resolve()
    .then(() => make(stop.signal, onPart))
    .finally(end);
  work.catch(() => {}); // everyone who wants it has their own copy of the rejection

  function onPart(part: SoundPart): void {
    parts.push(part);
    meter.arrived(part.pcm.length / part.sampleRate, part.source !== 'generated');
    news.give();
    news = createSignal();
  }

  function end(): void {
    if (!over) onOver();
    over = true;
  }

  /** @returns leaves again. */
  function join(): () => void {
    let joined = true;
    wanted += 1;
    return () => {
      if (!joined) return;
      joined = false;
      wanted -= 1;
      if (wanted > 0 || over) return;
      end();
      stop.abort(abortError('generation'));
    };
  }

  async function partAt(index: number, signal: AbortSignal): Promise<IteratorResult<SoundPart, T>> {
    for (;;) {
      const part = parts[index];
      if (part !== undefined) return { done: false, value: part };
      const first = Promise.race([news.given, work.then((value) => ({ value }))]);
      const whole = await orAborted(first, signal, 'generation');
      if (whole !== undefined && index >= parts.length) return { done: true, value: whole.value };
    }
  }

  return {
    async whole(signal) {
      const leave = join();
      return orAborted(work, signal, 'generation').finally(leave);
    },
    listen(signal) {
      const leave = join();
      let read = 0;
      return {
        async next() {
          const result = await partAt(read, signal).catch((error: unknown) => {
            leave();
            throw error;
          });
          if (result.done) leave();
          else read += 1;
          return result;
        },
        wait: meter.wait,
        leave,
      };
    },
  };
}

function createSignal(): { give: () => void; given: Promise<void> } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}
