/**
 * PCM at 48 kHz → Opus packets of 20 ms, and back. libopus, as WASM (opusscript).
 *
 *   samples  | primer    | the sound                  | what it takes to fill the last packet |
 *   packets  |     20 ms|     20 ms|     20 ms|     20 ms|     20 ms|     20 ms|
 *   decoded  | delay | primer    | the sound                  |  cut off |
 *            ╰── preSkip ───────╯
 *
 * The encoder is 312 samples late. A one-shot has silence around it. A loop has itself: its end before it, so that the
 * coder is well under way where it begins, and its beginning after it, so that its end is as it will be heard.
 */
import type OpusScript from 'opusscript';
import { fromPcm16, toPcm16 } from './pcm16.ts';

export interface OpusPackets {
  packets: Uint8Array[];
  /** Samples at 48 kHz that a player leaves out at the start. */
  preSkip: number;
  /** Samples at 48 kHz of the sound itself. */
  length: number;
}

export const OPUS_RATE = 48000;
/** Samples of a packet: 20 ms. */
export const PACKET_SAMPLES = 960;
/** libopus, application "audio" at 48 kHz. */
const DELAY = 312;
/** 80 ms: RFC 7845 finds that a decoder has settled by then. */
const LOOP_PRIMER = 3840;
/** libopus's numbers for what is set (opus_defines.h). */
const SET = { VBR: 4006, VBR_CONSTRAINT: 4020, COMPLEXITY: 4010, SIGNAL: 4024 } as const;

/** Taken for speech, as the coder would by itself at 24 kbit/s, noise comes out up to 2.5 LU too soft: rain, fire, gravel. */
const MUSIC = 3002;

/** @param pcm f32 [samples] at 48 kHz @param bitrate bits a second, on the whole */
export async function encodePackets(
  pcm: Float32Array,
  isLoop: boolean,
  bitrate: number,
): Promise<OpusPackets> {
  const primer = isLoop ? LOOP_PRIMER : 0;
  const samples = toPcm16(surrounded(pcm, primer, isLoop));
  const packets = await withCoder((coder) => {
    coder.setBitrate(bitrate);
    coder.encoderCTL(SET.COMPLEXITY, 10);
    coder.encoderCTL(SET.SIGNAL, MUSIC);
    coder.encoderCTL(SET.VBR, 1);
    coder.encoderCTL(SET.VBR_CONSTRAINT, 0);
    return piecesOf(samples).map((piece) => coder.encode(piece, PACKET_SAMPLES));
  });
  return { packets, preSkip: DELAY + primer, length: pcm.length };
}

/** What a player hears: f32 [samples] at 48 kHz. */
export async function decodePackets({
  packets,
  preSkip,
  length,
}: OpusPackets): Promise<Float32Array> {
  const decoded = new Int16Array(packets.length * PACKET_SAMPLES);
  await withCoder((coder) => {
    for (const [i, packet] of packets.entries()) {
      const { buffer, byteOffset } = coder.decode(Buffer.from(packet));
      decoded.set(new Int16Array(buffer, byteOffset, PACKET_SAMPLES), i * PACKET_SAMPLES);
    }
  });
  return fromPcm16(decoded.subarray(preSkip, preSkip + length));
}

/** The coder holds memory of its own until it is deleted. */
async function withCoder<T>(work: (coder: OpusScript) => T): Promise<T> {
  const { default: Coder } = await import('opusscript');
  const coder = new Coder(OPUS_RATE, 1, Coder.Application.AUDIO);
  try {
    return work(coder);
  } finally {
    coder.delete();
  }
}

/** Whole packets; see the picture. */
function surrounded(pcm: Float32Array, primer: number, isLoop: boolean): Float32Array {
  const { length } = pcm;
  const whole = Math.ceil((primer + length + DELAY) / PACKET_SAMPLES) * PACKET_SAMPLES;
  return Float32Array.from({ length: whole }, (_, i) => {
    const k = i - primer;
    const inLoop = ((k % length) + length) % length;
    return pcm[isLoop ? inLoop : k] ?? 0;
  });
}

function piecesOf(samples: Int16Array): Buffer[] {
  const count = samples.length / PACKET_SAMPLES;
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(samples.buffer, 2 * i * PACKET_SAMPLES, 2 * PACKET_SAMPLES),
  );
}
