/**
 * Lets waiting messages in: a promise that resolves in a later macrotask, without setTimeout's 4 ms.
 *
 * A microtask would not do: cancel messages are only delivered between macrotasks.
 */
export interface Breather {
  breathe(): Promise<void>;
  close(): void;
}

/** Node: setImmediate. Browser and worker: a MessageChannel, held until `close()`. */
export function createBreather(): Breather {
  const immediate = (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate;
  if (immediate !== undefined) {
    return { breathe: () => new Promise((resolve) => immediate(resolve)), close: () => {} };
  }
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    breathe: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(0);
      }),
    close: () => port1.close(),
  };
}
