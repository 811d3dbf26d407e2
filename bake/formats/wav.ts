/**
 * PCM → WAV file: RIFF header, one channel, 16-bit little-endian; then, where they are given, loop points and facts.
 *
 *   'RIFF' size 'WAVE'
 *   'fmt ' 16     PCM=1 channels=1 rate bytes/s block=2 bits=16
 *   'data' bytes  samples…                                          begins at byte 44, as naive readers expect
 *   'smpl' 60     a loop alone: first sample, last sample (inclusive: the last one that is heard), for ever
 *   'LIST' bytes  'INFO' 'INAM' bytes text 0 …                      UTF-8
 *
 * A chunk of odd length is followed by a zero that its length does not count. Runs in Node and in a page.
 * Source: Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0; RIFF MCI new multimedia types 3.0.
 */

import { joinedBytes } from '../../runtime/joined-bytes.ts';
import { type AssetFacts, infoOf } from './asset-facts.ts';
import { utf8, words } from './bytes.ts';
import { bytesOfPcm16, toPcm16 } from './pcm16.ts';

export interface WavExtras {
  /** The whole clip is a loop. Default false. */
  isLoop?: boolean;
  facts?: AssetFacts;
}

const MIDDLE_C = 60;

/**
 * @param pcm f32 [samples], full scale ±1; beyond is clipped
 * @param sampleRate Hz
 */
export function encodeWav(
  pcm: Float32Array,
  sampleRate: number,
  { isLoop = false, facts }: WavExtras = {},
): Uint8Array<ArrayBuffer> {
  const chunks = [
    chunk('fmt ', formatOf(sampleRate)),
    chunk('data', bytesOfPcm16(toPcm16(pcm))),
    ...(isLoop ? [chunk('smpl', samplerOf(pcm.length, sampleRate))] : []),
    ...(facts ? [chunk('LIST', infoListOf(facts))] : []),
  ];
  return chunk('RIFF', joinedBytes([utf8('WAVE'), ...chunks]));
}

function formatOf(sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 1, true);
  view.setUint16(2, 1, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * 2, true);
  view.setUint16(12, 2, true);
  view.setUint16(14, 16, true);
  return bytes;
}

/** One loop, forward, from the first sample to the last. */
function samplerOf(length: number, sampleRate: number): Uint8Array {
  const nanoseconds = Math.round(1e9 / sampleRate);
  const header = [0, 0, nanoseconds, MIDDLE_C, 0, 0, 0, 1, 0];
  const loop = [0, 0, 0, length - 1, 0, 0];
  return words(...header, ...loop);
}

function infoListOf(facts: AssetFacts): Uint8Array {
  const entries = infoOf(facts).map(([id, text]) => chunk(id, utf8(`${text}\0`)));
  return joinedBytes([utf8('INFO'), ...entries]);
}

function chunk(id: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const padding = new Uint8Array(body.length % 2);
  return joinedBytes([utf8(id), words(body.length), body, padding]);
}
