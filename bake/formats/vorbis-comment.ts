/**
 * Vorbis comments, as in FLAC and Ogg Opus: who wrote the file, then NAME=text, UTF-8, each with its length before it.
 *
 *   bytes 'SceneFoley' count | bytes 'TITLE=footstep' | bytes 'SEED=3' | …      lengths u32 little-endian
 *
 * Source: Xiph.Org, Ogg Vorbis I format specification: comment field and header specification.
 */
import { joinedBytes } from '../../runtime/joined-bytes.ts';
import { utf8, words } from './bytes.ts';

const VENDOR = 'SceneFoley';

export function vorbisComment(comments: readonly [string, string][]): Uint8Array<ArrayBuffer> {
  const entries = comments.map(([name, text]) => counted(`${name}=${text}`));
  return joinedBytes([counted(VENDOR), words(entries.length), ...entries]);
}

function counted(text: string): Uint8Array {
  const bytes = utf8(text);
  return joinedBytes([words(bytes.length), bytes]);
}
