/** Files of sound as others read them: RIFF by hand, FLAC and Ogg Opus by their decoders. */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggOpusDecoder } from 'ogg-opus-decoder';

export interface Decoded {
  pcm: Float32Array;
  sampleRate: number;
}

/** The chunks of a RIFF file by their names. @throws Error where they do not fill it exactly */
export function readRiff(file: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(file);
  const riff = chunksOf(bytes).get('RIFF');
  if (riff === undefined || riff.toString('latin1', 0, 4) !== 'WAVE') throw new Error('no WAVE');
  return chunksOf(riff.subarray(4));
}

/** The texts of a LIST/INFO chunk. */
export function readInfo(list: Buffer): Record<string, string> {
  const texts = [...chunksOf(list.subarray(4))];
  return Object.fromEntries(texts.map(([id, text]) => [id, text.toString().replace(/\0$/, '')]));
}

function chunksOf(bytes: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  let at = 0;
  while (at < bytes.length) {
    const length = bytes.readUInt32LE(at + 4);
    if (at + 8 + length > bytes.length) throw new Error(`a chunk at ${at} is longer than the file`);
    chunks.set(bytes.toString('latin1', at, at + 4), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** Vorbis comments, from their first byte. */
export function readComments(bytes: Buffer): Record<string, string> {
  let at = 0;
  const next = () => {
    const text = bytes.toString('utf8', at + 4, at + 4 + bytes.readUInt32LE(at));
    at += 4 + bytes.readUInt32LE(at);
    return text;
  };
  next(); // who wrote it
  const count = bytes.readUInt32LE(at);
  at += 4;
  const pairs = Array.from({ length: count }, () => next().split(/=(.*)/s));
  return Object.fromEntries(pairs.map(([name, text]) => [name, text]));
}

export async function decodeFlac(file: Uint8Array): Promise<Decoded> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  const { channelData, sampleRate, errors } = await decoder.decodeFile(file);
  decoder.free();
  return decodedOf(channelData, sampleRate, errors);
}

export async function decodeOpus(file: Uint8Array): Promise<Decoded> {
  const decoder = new OggOpusDecoder();
  await decoder.ready;
  const { channelData, sampleRate, errors } = await decoder.decodeFile(file);
  decoder.free();
  return decodedOf(channelData, sampleRate, errors);
}

function decodedOf(channels: Float32Array[], sampleRate: number, errors: unknown[]): Decoded {
  const [pcm] = channels;
  if (pcm === undefined || errors.length > 0) throw new Error(`decoder: ${JSON.stringify(errors)}`);
  return { pcm, sampleRate };
}
