/** The body of a response, bounded: a server that never stops sending is not believed for ever. */
import { joinedBytes } from '../joined-bytes.ts';

/** @throws Error if the body is longer than `limit` bytes */
export async function readAtMost(response: Response, limit: number): Promise<Uint8Array> {
  const body = response.body;
  if (body === null) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error(`it is longer than ${limit} bytes`);
    }
    parts.push(part.value);
  }
  return joinedBytes(parts);
}
