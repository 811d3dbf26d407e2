/** Listeners that run inside somebody else's loop: what they throw is one warning, and the loop goes on. */
import type { Logger } from '../../runtime/client.ts';

export type Guard = <A extends unknown[]>(listener: (...args: A) => void) => (...args: A) => void;

/** @returns wraps listeners; all of them share the one warning. */
export function createGuard(engine: string, logger: Logger): Guard {
  let warned = false;
  return (listener) =>
    (...args) => {
      try {
        listener(...args);
      } catch (cause) {
        if (warned) return;
        warned = true;
        logger.warn(
          `${engine}: a listener of scene events threw ${String(cause)}. Correct it; events go on, and this is said once.`,
        );
      }
    };
}
