/**
 * Takes for the page: one is asked for at a time, what somebody waits for first.
 *
 *   load(take)          ──▶ behind the others
 *   load(take, urgent)  ──▶ before them
 *   loaded ──▶ kept, up to a number of them; the ones that were heard longest ago go
 */
import { fetchTake, type LoadedTake, type TakeName } from './server.ts';

export interface TakeLoader {
  load(take: TakeName, isUrgent?: boolean): Promise<LoadedTake>;
  /** Whatever has not come yet is given up; those promises reject with AbortError. */
  giveUp(): void;
  /** The sounds are others now: nothing is kept. */
  forget(): void;
}

interface Wish {
  key: string;
  take: TakeName;
  promise: Promise<LoadedTake>;
  resolve: (loaded: LoadedTake) => void;
  reject: (error: unknown) => void;
}

/** Of 10 s at most: 100 MB. */
const MOST_KEPT = 80;

export function createTakeLoader(): TakeLoader {
  const kept = new Map<string, LoadedTake>();
  let wishes: Wish[] = [];
  let running: Wish | undefined;
  let stop = new AbortController();

  function load(take: TakeName, isUrgent = false): Promise<LoadedTake> {
    const key = JSON.stringify([take.sound, take.prompt, take.seed]);
    const known = kept.get(key);
    if (known !== undefined) return Promise.resolve(keep(key, known));
    if (running?.key === key) return running.promise;
    const wish = wishes.find((one) => one.key === key) ?? wishFor(key, take);
    wishes = wishes.filter((one) => one !== wish);
    if (isUrgent) wishes.unshift(wish);
    else wishes.push(wish);
    if (running === undefined) void goOn();
    return wish.promise;
  }

  async function goOn(): Promise<void> {
    for (let wish = wishes.shift(); wish !== undefined; wish = wishes.shift()) {
      running = wish;
      try {
        wish.resolve(keep(wish.key, await fetchTake(wish.take, stop.signal)));
      } catch (error) {
        wish.reject(error);
      }
    }
    running = undefined;
  }

  function keep(key: string, loaded: LoadedTake): LoadedTake {
    kept.delete(key);
    kept.set(key, loaded);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return loaded;
  }

  function giveUp(): void {
    const error = new DOMException('Another sound is looked at.', 'AbortError');
    for (const { reject } of wishes) reject(error);
    wishes = [];
    stop.abort(error);
    stop = new AbortController();
  }

  return {
    load,
    giveUp,
    forget() {
      giveUp();
      kept.clear();
    },
  };
}

function wishFor(key: string, take: TakeName): Wish {
  let [resolve, reject]: [Wish['resolve'], Wish['reject']] = [() => {}, () => {}];
  const promise = new Promise<LoadedTake>((fulfil, refuse) => {
    [resolve, reject] = [fulfil, refuse];
  });
  return { key, take, promise, resolve, reject };
}
