/**
 * PCM → FLAC file, 16 bits, one channel, with what it says of itself.
 *
 *   'fLaC' | STREAMINFO (samples, MD5 of the PCM) | VORBIS_COMMENT | codec frames of 4096 samples
 *
 * libFLAC (libflacjs) makes the codec frames. It cannot go back in a stream, so it hands us at the end what STREAMINFO
 * should have said; that and the comments are written here. libflacjs's own WASM does not load in Node 18 and later
 * (it fetches a path), so this is its asm.js: 0.1 s for a second of sound.
 * Source: RFC 9639.
 */
import type { Flac, StreamMetadata } from 'libflacjs';
import { joinedBytes } from '../../runtime/joined-bytes.ts';
import { type AssetFacts, commentsOf } from './asset-facts.ts';
import { utf8 } from './bytes.ts';
import { toPcm16 } from './pcm16.ts';
import { vorbisComment } from './vorbis-comment.ts';

export interface FlacOptions {
  isLoop: boolean;
  facts: AssetFacts;
}

/** The smallest files. */
const COMPRESSION = 8;
const BLOCK = { STREAMINFO: 0, VORBIS_COMMENT: 4 } as const;
const LAST_BLOCK = 0x80;

export async function encodeFlac(
  pcm: Float32Array,
  sampleRate: number,
  { isLoop, facts }: FlacOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { codecFrames, info } = encoded(await loadFlac(), toPcm16(pcm), sampleRate);
  const comments = vorbisComment(commentsOf(facts, isLoop ? pcm.length : null));
  return joinedBytes([
    utf8('fLaC'),
    blockOf(BLOCK.STREAMINFO, streamInfo(info)),
    blockOf(BLOCK.VORBIS_COMMENT | LAST_BLOCK, comments),
    ...codecFrames,
  ]);
}

async function loadFlac(): Promise<Flac> {
  const { default: open } = await import('libflacjs');
  const flac = open('min');
  if (!flac.isReady()) await new Promise<void>((resolve) => flac.on('ready', () => resolve()));
  return flac;
}

function encoded(flac: Flac, samples: Int16Array, sampleRate: number) {
  const parts: { bytes: Uint8Array; samples: number }[] = [];
  let info: StreamMetadata | undefined;
  const encoder = flac.create_libflac_encoder(sampleRate, 1, 16, COMPRESSION, samples.length);
  if (encoder === 0) throw failed(`it takes no sample rate of ${sampleRate} Hz`);
  try {
    const status = flac.init_encoder_stream(
      encoder,
      (bytes, _length, count) => {
        parts.push({ bytes: bytes.slice(), samples: count });
      },
      (metadata) => {
        info = metadata;
      },
    );
    if (status !== 0) throw failed(`it did not begin, status ${status}`);
    const wide = Int32Array.from(samples);
    const isWritten = flac.FLAC__stream_encoder_process_interleaved(encoder, wide, wide.length);
    if (!flac.FLAC__stream_encoder_finish(encoder) || !isWritten) throw failed('it did not end');
  } finally {
    flac.FLAC__stream_encoder_delete(encoder);
  }
  if (info === undefined) throw failed('it did not sum up');
  const codecFrames = parts.filter((part) => part.samples > 0).map(({ bytes }) => bytes);
  return { codecFrames, info };
}

function failed(why: string): Error {
  return new Error(`flac: the encoder failed, ${why}. Write WAV instead, and report this.`);
}

function blockOf(type: number, body: Uint8Array): Uint8Array {
  return joinedBytes([Uint8Array.of(type), bigEndian(body.length, 3), body]);
}

/** 34 bytes: sizes of blocks, then of codec frames; rate in 20 bits, channels 3, bits 5, samples 36; MD5 of the samples. */
function streamInfo(info: StreamMetadata): Uint8Array {
  const shape =
    (BigInt(info.sampleRate) << 44n) |
    (BigInt(info.channels - 1) << 41n) |
    (BigInt(info.bitsPerSample - 1) << 36n) |
    BigInt(info.total_samples);
  return joinedBytes([
    bigEndian(info.min_blocksize, 2),
    bigEndian(info.max_blocksize, 2),
    bigEndian(info.min_framesize, 3),
    bigEndian(info.max_framesize, 3),
    bigEndian(shape, 8),
    Buffer.from(info.md5sum, 'hex'),
  ]);
}

function bigEndian(value: number | bigint, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) =>
    Number((BigInt(value) >> BigInt(8 * (bytes - 1 - i))) & 0xffn),
  );
}
