/** The shape of manifest.json: bake/contract.ts says it as a type, this says it to a file from elsewhere. */
import * as v from 'valibot';
import type { AssetFormat, BakeManifest, Fault } from '../contract.ts';

/** In the order in which they are written, however they are asked for. */
export const ASSET_FORMATS = ['foley', 'wav', 'flac', 'opus'] as const satisfies AssetFormat[];
const FAULTS = [
  'silent',
  'clipped',
  'cut-off',
  'near-copy',
  'off-prompt',
] as const satisfies Fault[];
const MAX_SEED = 0xffffffff;
const MAX_TEXT = 4096;
/** Numbers that are counts of samples or bytes. */
const count = whole(0, Number.MAX_SAFE_INTEGER);
const hash = v.pipe(
  v.string(must('64 hexadecimal digits')),
  v.regex(/^[0-9a-f]{64}$/, must('64 hexadecimal digits')),
);
const text = v.pipe(
  v.string(must('text')),
  v.maxLength(MAX_TEXT, must(`text of at most ${MAX_TEXT} characters`)),
);
const decibels = v.nullable(number(-1000, 1000));

const PathSchema = v.pipe(text, v.check(isInside, must('a path inside its folder')));

const TakeSchema = v.object({
  prompt: text,
  seed: whole(0, MAX_SEED),
  soundKey: hash,
  duration: number(0, 3600),
  loop: v.nullable(v.object({ start: count, end: count })),
  sampleRate: whole(1, 384_000),
  loudness: decibels,
  truePeak: decibels,
  files: v.record(
    v.picklist(ASSET_FORMATS, must(`one of ${ASSET_FORMATS.join(', ')}`)),
    PathSchema,
  ),
  faults: v.array(v.picklist(FAULTS, must(`one of ${FAULTS.join(', ')}`)), must('a list')),
});

const ModelSchema = v.object(
  { name: text, licence: text, commercialUse: v.boolean(must('true or false')), hash },
  must('an object'),
);

export const ManifestSchema: v.GenericSchema<unknown, BakeManifest> = v.object(
  {
    formatVersion: v.literal(1, must('1')),
    soundMap: text,
    hash,
    model: ModelSchema,
    files: v.array(v.object({ path: PathSchema, bytes: count, sha256: hash }), must('a list')),
    sounds: v.record(v.string(), v.array(TakeSchema, must('a list')), must('an object')),
  },
  must('an object'),
);

/** No way up, no root, no drive, no URL, no backslash. */
function isInside(path: string): boolean {
  const steps = path.split('/');
  return !/[\\:\0]/.test(path) && steps.every((step) => !['', '.', '..'].includes(step));
}

function must(be: string) {
  return ({ input }: { readonly input: unknown }) => `must be ${be}, got ${shown(input)}.`;
}

function shown(input: unknown): string {
  return input === undefined ? 'nothing' : (JSON.stringify(input) ?? String(input)).slice(0, 60);
}

function number(min: number, max: number) {
  const message = must(`a number from ${min} to ${max}`);
  return v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
}

function whole(min: number, max: number) {
  const message = must(`a whole number from ${min} to ${max}`);
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}
