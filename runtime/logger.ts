/** Where the library speaks: it never writes to the console itself, the application hands in a logger. */
export interface Logger {
  warn(message: string): void;
  info(message: string): void;
}

/** The default: says nothing. */
export const silentLogger: Logger = { warn: () => {}, info: () => {} };
