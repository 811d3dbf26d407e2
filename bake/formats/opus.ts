/**
 * PCM → Ogg Opus file, one channel, 24 kbit/s, sample-right: a player that follows RFC 7845 hears exactly the clip, from
 * its first sample, and a loop without a seam.
 *
 *   pcm ── resample ──▶ 48 kHz ── encode ──▶ packets ── decode ──▶ true peak above the ceiling?
 *    ▲                                         │ no                   │ yes
 *    ╰── limit lower by what it is above ──────┼──────────────────────╯
 *                                              ▼
 *                    pages: OpusHead | OpusTags | a second of packets each
 *
 * Lossy coding moves peaks: what was at −1 dBTP may come out at 0. The limiter takes that back before the coder.
 */
import { fromDb } from '../../runtime/decibels.ts';
import { FINISHING } from '../../runtime/finishing.ts';
import { joinedBytes } from '../../runtime/joined-bytes.ts';
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import { limitTruePeak, scaled, truePeak } from '../../runtime/true-peak.ts';
import { type AssetFacts, commentsOf } from './asset-facts.ts';
import { utf8 } from './bytes.ts';
import { type OggPage, oggStream } from './ogg.ts';
import {
  decodePackets,
  encodePackets,
  OPUS_RATE,
  type OpusPackets,
  PACKET_SAMPLES,
} from './opus-packets.ts';
import { resample } from './resample.ts';
import { vorbisComment } from './vorbis-comment.ts';

export interface OpusOptions {
  isLoop: boolean;
  facts: AssetFacts;
  /** Bits a second, on the whole: 6000 to 510,000. Default 24,000. */
  bitrate?: number;
}

const BITRATE = 24_000;
const CEILING = fromDb(FINISHING.truePeakDb);
/** Times it is encoded at most; one is the rule, two or three for a hard attack. Then it is softened as a whole. */
const TRIES = 8;
/** Lower than the measure says, each time: the coder answers to a small change with any other. */
const STEP = fromDb(-0.3);
const LAST_RESORT = fromDb(-3);
const PACKETS_OF_PAGE = 50;

export async function encodeOpus(
  kernels: Kernels,
  pcm: Float32Array,
  sampleRate: number,
  { isLoop, facts, bitrate = BITRATE }: OpusOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const at48 = resample(pcm, { from: sampleRate, to: OPUS_RATE }, isLoop);
  const stream = await encodeBelowCeiling(kernels, at48, isLoop, bitrate);
  const serial = Number.parseInt(facts.soundKey.slice(0, 8), 16);
  const comments = vorbisComment(commentsOf(facts, isLoop ? stream.length : null));
  return oggStream(
    [
      { packets: [opusHead(stream, sampleRate)], granule: 0 },
      { packets: [joinedBytes([utf8('OpusTags'), comments])], granule: 0 },
      ...audioPages(stream),
    ],
    serial,
  );
}

async function encodeBelowCeiling(
  kernels: Kernels,
  pcm: Float32Array,
  isLoop: boolean,
  bitrate: number,
): Promise<OpusPackets> {
  let input = pcm;
  let ceiling = CEILING;
  for (let tries = 1; tries <= TRIES; tries++) {
    const stream = await encodePackets(input, isLoop, bitrate);
    const peak = truePeak(kernels, await decodePackets(stream), isLoop);
    if (peak <= CEILING) return stream;
    ceiling *= (CEILING / peak) * STEP;
    input = limitTruePeak(kernels, pcm, { sampleRate: OPUS_RATE, ceiling, loop: isLoop });
  }
  return encodePackets(scaled(kernels, input, LAST_RESORT), isLoop, bitrate);
}

/** Channel mapping family 0: one channel, no gain. */
function opusHead({ preSkip }: OpusPackets, sampleRate: number): Uint8Array {
  const bytes = joinedBytes([utf8('OpusHead'), new Uint8Array(11)]);
  const view = new DataView(bytes.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, sampleRate, true);
  return bytes;
}

/**
 * Pages of a second, and the last packet by itself. The last page's granule says where the sound ends: what is decoded
 * beyond is left out. Some players get that wrong where it is on the first page too (codec-parser 2.5), so it never is.
 */
function audioPages({ packets, preSkip, length }: OpusPackets): OggPage[] {
  const last = packets.length - 1;
  const count = Math.ceil(last / PACKETS_OF_PAGE);
  const pages = Array.from({ length: count }, (_, i) => {
    const until = Math.min((i + 1) * PACKETS_OF_PAGE, last);
    return { packets: packets.slice(i * PACKETS_OF_PAGE, until), granule: until * PACKET_SAMPLES };
  });
  return [...pages, { packets: packets.slice(last), granule: preSkip + length }];
}
