import { describe, expect, test } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../bake/take-store/take-record.ts';
import { fastRandom } from '../../reference/seeded.ts';
import { job, record } from '../records.ts';

describe('a record as bytes', () => {
  test('reads back as it was, silence included', () => {
    const loud = record(job());
    expect(decodeRecord(encodeRecord(loud), loud.job.id)).toEqual(loud);
    const silent = {
      ...loud,
      take: { ...loud.take, loudness: -Infinity, truePeak: -Infinity },
      verdict: { faults: ['silent' as const], score: null, fingerprint: new Float32Array(0) },
    };
    expect(decodeRecord(encodeRecord(silent), loud.job.id)).toEqual(silent);
  });

  test('same record, same bytes, whatever the order of its fields', () => {
    const { job: of, take, verdict, rolls } = record(job());
    const turned = { rolls, verdict, take: { ...take, sound: take.sound }, job: of };
    expect(encodeRecord(turned)).toEqual(encodeRecord({ job: of, take, verdict, rolls }));
  });

  test('another job’s is none', () => {
    expect(decodeRecord(encodeRecord(record(job())), job({ seed: 1 }).id)).toBeUndefined();
  });

  test('cut short at any place, or with any byte changed, it is none', () => {
    const { id } = job();
    const bytes = encodeRecord(record(job()));
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeRecord(bytes.subarray(0, length), id)).toBeUndefined();
    }
    const random = fastRandom(1);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      expect(decodeRecord(changed, id)).toBeUndefined();
    }
  });
});
