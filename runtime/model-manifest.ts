/** `model.json` of a model pack: its type, and the check that turns unknown JSON into it. */
import type { Device, Hertz, SamplingDefaults } from './contract.ts';
import { ModelPackError } from './errors.ts';

/** The format that this version reads. */
export const FORMAT_VERSION = 2;

/** Graphs for onnxruntime on the CPU. */
export const GRAPHS = [
  'text-encoder.onnx',
  'lm-prefill.onnx',
  'lm-step.onnx',
  'codec-decoder.onnx',
] as const;
/** The language model for WebGPU: several steps in one run. A pack may be without. */
export const STEPS_GRAPH = 'lm-steps.onnx';
/** Weights for every engine: int8 with a scale per row. */
export const WEIGHTS = ['engine.safetensors', 'decoder.safetensors'] as const;
/** The files that the runtime knows. A pack may hold others. */
export const PACK_FILES = ['tokenizer.json', ...WEIGHTS, ...GRAPHS, STEPS_GRAPH] as const;

export type GraphFile = (typeof GRAPHS)[number];
export type PackFile = (typeof PACK_FILES)[number];
/** `kernels`: our own, on the CPU. `onnxruntime`: on the CPU too. `webgpu`: onnxruntime there, the kernels for the rest. */
export type EngineName = 'kernels' | 'onnxruntime' | 'webgpu';

export interface FileEntry {
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  bytes: number;
}

export interface ModelManifest {
  formatVersion: number;
  name: string;
  version: string;
  licence: string;
  commercialUse: boolean;
  sampleRate: Hertz;
  codecFrameRate: Hertz;
  /** K. */
  numCodebooks: number;
  /** V. */
  codebookSize: number;
  /** Steps by which each codebook lags: [0, 1, … K − 1]. */
  delays: number[];
  /** Samples. sampleRate / codecFrameRate is a multiple of `hop`. */
  stft: { size: number; hop: number };
  /** What the codec's decoder lets ring; null or absent: nothing. */
  partials?: { channels: number } | null;
  /** `width` of the states handed on; what follows it is for the kernels. */
  textEncoder: {
    name: string;
    width: number;
    maxTokens: number;
    layers?: number;
    heads?: number;
    /** Layers whose states are handed on, counted from 1. */
    readLayers?: number[];
  };
  /** `window`: steps that attention sees, the current one included. */
  languageModel: { layers: number; heads: number; headDim: number; window: number };
  sampling: SamplingDefaults;
  /** Targets of finishing, LUFS; `streamGain` dB is what finishing applies to a one-shot, as a rule. */
  loudness: { oneShot: number; loop: number; streamGain?: number };
  files: Partial<Record<PackFile, FileEntry>>;
  /** Per graph without weights of its own: what to fill it with (runtime/engines/graph-weights.ts). */
  graphs?: Partial<Record<GraphFile | typeof STEPS_GRAPH, string[]>>;
}

/** True if the pack has weights of its own beside the graphs. */
export function hasWeights({ files }: ModelManifest): boolean {
  return WEIGHTS.every((file) => files[file] !== undefined);
}

/** On the CPU our own kernels, unless the pack has no weights for them; WebGPU where the pack is made for it. */
export function engineFor(manifest: ModelManifest, device: Device): EngineName {
  if (!hasWeights(manifest)) return 'onnxruntime';
  return device === 'webgpu' && STEPS_GRAPH in manifest.files ? 'webgpu' : 'kernels';
}

/** What an engine needs of a pack. The codec's decoder runs in the kernels wherever its weights are there. */
export function filesFor(manifest: ModelManifest, engine: EngineName): PackFile[] {
  const common = hasWeights(manifest) ? WEIGHTS : [];
  if (engine === 'kernels') return ['tokenizer.json', ...common];
  if (engine === 'webgpu') return ['tokenizer.json', ...common, STEPS_GRAPH];
  const graphs = GRAPHS.filter((graph) => graph !== 'codec-decoder.onnx' || common.length === 0);
  return ['tokenizer.json', ...common, ...graphs];
}

/**
 * @param text the content of model.json
 * @param place where it was read from, for messages
 * @throws ModelPackError that names the file, what was expected and what was found
 */
export function parseManifest(text: string, place: string): ModelManifest {
  const json = parseJson(text, place);
  const version = json.formatVersion;
  if (typeof version === 'number' && version > FORMAT_VERSION) {
    throw new ModelPackError(
      `model-pack: ${place} is of a newer format: expected formatVersion ${FORMAT_VERSION}, found ${version}. Update scenefoley.`,
    );
  }
  const check = (path: string, expected: string, fits: (value: unknown) => boolean) => {
    const value = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Json | undefined)?.[key], json);
    if (fits(value)) return;
    const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
    throw new ModelPackError(
      `model-pack: ${place} is damaged: expected ${path} to be ${expected}, found ${found}. Export the model again.`,
    );
  };
  for (const [path, [expected, fits]] of Object.entries(FIELDS)) check(path, expected, fits);
  for (const file of filesToCheck(json)) checkFileEntry(json, file, place);
  const manifest = json as unknown as ModelManifest;
  checkTogether(manifest, check);
  return manifest;
}

type Json = Record<string, unknown>;
type Rule = [expected: string, fits: (value: unknown) => boolean];

const TEXT: Rule = ['a text', (value) => typeof value === 'string' && value.length > 0];
const WHOLE: Rule = [
  'a whole number from 1 to 1000000',
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1e6,
];
const NUMBER: Rule = ['a number', (value) => Number.isFinite(value)];

const FIELDS: Record<string, Rule> = {
  formatVersion: [`${FORMAT_VERSION}`, (value) => value === FORMAT_VERSION],
  name: TEXT,
  version: TEXT,
  licence: TEXT,
  commercialUse: ['true or false', (value) => typeof value === 'boolean'],
  sampleRate: WHOLE,
  codecFrameRate: WHOLE,
  numCodebooks: WHOLE,
  codebookSize: WHOLE,
  delays: ['a list', Array.isArray],
  'stft.size': WHOLE,
  'stft.hop': WHOLE,
  'textEncoder.name': TEXT,
  'textEncoder.width': WHOLE,
  'textEncoder.maxTokens': WHOLE,
  'languageModel.layers': WHOLE,
  'languageModel.heads': WHOLE,
  'languageModel.headDim': WHOLE,
  'languageModel.window': WHOLE,
  'sampling.guidanceScale': NUMBER,
  'sampling.temperature': NUMBER,
  'sampling.topK': NUMBER,
  'sampling.topP': NUMBER,
  'loudness.oneShot': NUMBER,
  'loudness.loop': NUMBER,
};

function parseJson(text: string, place: string): Json {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch {
    // The error below says what is there instead.
  }
  const found = JSON.stringify(text.slice(0, 40));
  throw new ModelPackError(
    `model-pack: ${place} is no model.json: expected a JSON object, found ${found}. Check the address of the model.`,
  );
}

/** Graphs or weights, whichever there are; without either, all are missed. */
function filesToCheck(json: Json): PackFile[] {
  const files = (json.files ?? {}) as Json;
  const given = (group: readonly PackFile[]) => group.some((file) => file in files);
  const groups = [GRAPHS, WEIGHTS].filter(given);
  const steps: PackFile[] = STEPS_GRAPH in files ? [STEPS_GRAPH] : [];
  return ['tokenizer.json', ...(groups.length === 0 ? GRAPHS : groups.flat()), ...steps];
}

function checkFileEntry(json: Json, file: PackFile, place: string): void {
  const entry = (json.files as Record<string, Partial<FileEntry>> | undefined)?.[file];
  const fits = /^[0-9a-f]{64}$/.test(entry?.sha256 ?? '') && WHOLE_BYTES(entry?.bytes);
  if (fits) return;
  throw new ModelPackError(
    `model-pack: ${place} is damaged: expected files['${file}'] with sha256 and bytes, found ${JSON.stringify(entry) ?? 'nothing'}. Export the model again.`,
  );
}

/** At most 2 GiB: what one ArrayBuffer may be expected to hold. */
function WHOLE_BYTES(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= 2 ** 31;
}

/** Rules between fields. */
function checkTogether(
  manifest: ModelManifest,
  check: (path: string, expected: string, fits: (value: unknown) => boolean) => void,
): void {
  const { numCodebooks, codebookSize, sampleRate, codecFrameRate, stft } = manifest;
  const delays = Array.from({ length: numCodebooks }, (_, codebook) => codebook);
  check('delays', JSON.stringify(delays), (value) => `${value}` === `${delays}`);
  check('codebookSize', 'at most 65535', (value) => (value as number) <= 65535);
  check('sampling.topK', `at most ${codebookSize}`, (value) => (value as number) <= codebookSize);
  if (manifest.partials != null) check('partials.channels', ...WHOLE);
  check('stft.hop', 'a whole part of a codec frame', () =>
    Number.isInteger(sampleRate / codecFrameRate / stft.hop),
  );
}
