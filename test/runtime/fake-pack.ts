/** A model pack without networks: the numbers of the real format, a tokenizer of a few words, files of a few bytes. */
import { createHash } from 'node:crypto';
import { type ModelManifest, PACK_FILES, type PackFile } from '../../runtime/model-manifest.ts';
import type { Bytes, PackSource, ReadOptions } from '../../runtime/model-pack.ts';

export const FAKE_WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'wooden',
  'door',
  'slams',
  'rain',
  'a',
];

export interface FakePack {
  manifest: ModelManifest;
  /** model.json and the files by name: change them to damage the pack. */
  files: Map<string, Bytes>;
  source: PackSource;
  /** Names of the files read so far. */
  reads: string[];
}

export function fakePack(): FakePack {
  const contents = Object.fromEntries(PACK_FILES.map((file) => [file, fileContent(file)]));
  const manifest = fakeManifest(contents as Record<PackFile, Bytes>);
  const files = new Map<string, Bytes>(Object.entries(contents));
  files.set('model.json', textBytes(JSON.stringify(manifest)));
  const reads: string[] = [];
  const source = {
    locate: (file: string) => `/fake/${file}`,
    async read(file: string, options: ReadOptions = {}) {
      reads.push(file);
      const bytes = files.get(file);
      if (bytes === undefined) throw new Error('no such file');
      options.onBytes?.(bytes.length);
      return bytes;
    },
  };
  return { manifest, files, source, reads };
}

/** The manifest's entry of a file, which is there. */
export function entryOf(manifest: ModelManifest, file: PackFile) {
  return manifest.files[file]!;
}

export function textBytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function fakeManifest(contents: Record<PackFile, Bytes>): ModelManifest {
  const entries = PACK_FILES.map((file) => {
    const bytes = contents[file];
    return [file, { sha256: sha256Of(bytes), bytes: bytes.length }];
  });
  return {
    formatVersion: 2,
    name: 'fake',
    version: '0.0.0',
    licence: 'MIT',
    commercialUse: true,
    sampleRate: 32000,
    codecFrameRate: 50,
    numCodebooks: 4,
    codebookSize: 64,
    delays: [0, 1, 2, 3],
    stft: { size: 1024, hop: 320 },
    partials: { channels: 2 },
    textEncoder: { name: 'fake', width: 8, maxTokens: 6 },
    languageModel: { layers: 1, heads: 1, headDim: 4, window: 8 },
    sampling: { guidanceScale: 3, temperature: 1, topK: 16, topP: 0 },
    loudness: { oneShot: -20, loop: -23 },
    files: Object.fromEntries(entries),
  };
}

function fileContent(file: PackFile): Bytes {
  if (file !== 'tokenizer.json') return textBytes(`network ${file}`);
  return textBytes(JSON.stringify(fakeTokenizer()));
}

/** tokenizer.json as of a BERT: lower case, WordPiece, [CLS] … [SEP]. */
function fakeTokenizer() {
  const special = (content: string, id: number) => ({ content, id, special: true });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return {
    version: '1.0',
    added_tokens: [special('[UNK]', 1), special('[CLS]', 2), special('[SEP]', 3)].map((token) => ({
      ...token,
      ...flags,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(FAKE_WORDS.map((word, id) => [word, id])),
    },
  };
}
