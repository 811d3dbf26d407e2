/** The game's logger, from inside loops that must go on: what it throws is lost, since there is nobody left to tell. */
import type { Logger } from '../runtime/client.ts';

export function safeLogger(logger?: Logger): Logger {
  const safely = (level: keyof Logger) => (message: string) => {
    try {
      logger?.[level](message);
    } catch {
      // see above
    }
  };
  return { warn: safely('warn'), info: safely('info') };
}
