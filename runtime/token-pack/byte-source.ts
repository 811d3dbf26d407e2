/** Where a token pack's bytes come from: memory here, a file or range requests elsewhere. */

export interface ByteSource {
  /** As a person would name it: a path or a URL. */
  readonly place: string;
  /** Bytes `from` to `to`, the latter excluded: exactly those, or as many of them as there are. */
  read(from: number, to: number): Promise<Uint8Array>;
}

export function bytesSource(bytes: Uint8Array, place: string): ByteSource {
  return { place, read: async (from, to) => bytes.subarray(from, to) };
}
