/** The figures of npm run bench as a Markdown table, each beside its goal. test/bench/measure.ts says what they are. */

/** What the table calls it, how it is got from the figures, the goal, unit, decimals, and whether less is better. */
const ROWS = [
  ['language-model step', (f) => f.lm_step_ms, '', 'ms', 2],
  ['… ÷ reading its weights once', (f) => f.lm_step_ms / f.lm_weights_read_ms, '≤ 1.5', '×', 1],
  ['reading its weights once (reference)', (f) => f.lm_weights_read_ms, '', 'ms', 2],
  ['onnxruntime-web WASM, same weights (reference)', (f) => f.lm_step_ort_ms, '', 'ms', 2],
  ['onnxruntime’s step ÷ ours', (f) => f.lm_step_ort_ms / f.lm_step_ms, '≥ 4', '×', 1],
  ['generation ÷ duration of the sound', (f) => f.rtf_generate, '≤ 0.2', '', 3],
  ['codec decoding ÷ duration of the sound', (f) => f.rtf_decode, '≤ 0.03', '', 3],
  ['new prompt → first sound, median', (f) => f.first_sound_ms_p50, '≤ 100', 'ms', 0],
  ['new prompt → first sound, p95', (f) => f.first_sound_ms_p95, '≤ 150', 'ms', 0],
  ['cached sound → first part', (f) => f.cached_ms, '≤ 10', 'ms', 1],
  ['cached sound → the whole', (f) => f.cached_whole_ms, '', 'ms', 1],
  ['codes a second', (f) => f.codes_per_s, '', '', 0],
  ['transformers.js, same shape (reference)', (f) => f.codes_per_s_transformersjs, '', '', 0],
  ['ours ÷ transformers.js', (f) => f.codes_per_s / f.codes_per_s_transformersjs, '≥ 10', '×', 1],
  ['text encoding', (f) => f.text_ms, '', 'ms', 1],
  ['loading the model', (f) => f.load_ms, '', 'ms', 0],
  ...['1 s', '2 s', '5 s', '10 s'].map((duration) => [
    `generation ÷ duration, sounds of ${duration}`,
    (f) => f.by_duration[duration],
    '',
    '',
    3,
  ]),
  ...[1, 2, 4].map((count) => [
    `per sound of 1 s, ${count} at once`,
    (f) => f.in_flight[count],
    '',
    'ms',
    0,
  ]),
  ['a thousand baked sounds, loaded', (f) => f.player?.load_ms, '', 'ms', 0],
  ['baked sound of 1 s, decoded', (f) => f.player?.decode_ms, '≤ 10', 'ms', 1],
  ['… in the caller’s hands', (f) => f.player?.take_ms, '', 'ms', 1],
  ['… a second time', (f) => f.player?.cached_ms, '', 'ms', 1],
  ['render frames, p95 with generation ÷ without', (f) => f.render?.ratio, '≤ 1.1', '×', 2],
  ['busy scene: ours for a rendered image, median', (f) => f.busy?.medianMs, '< 1', 'ms', 2],
  ['busy scene: … p95', (f) => f.busy?.p95Ms, '', 'ms', 2],
  ['longest task of ours on the main thread', (f) => longestOf(f.tasks), '≤ 8', 'ms', 1],
  ['memory of the kernels', (f) => f.memory_mb, '≤ 150', 'MB', 0],
];

function longestOf(tasks) {
  return tasks && Math.max(...Object.values(tasks));
}

/** @param report as npm run bench -- --json prints it */
export function tableOf({ machine, rounds, node, chromium, bake, bytes }) {
  const sizes = Object.keys(node.by_parameters).map((millions) => [
    `language-model step, ${millions} million parameters`,
    (f) => f.by_parameters[millions],
    '',
    'ms',
    2,
  ]);
  const rows = [...ROWS, ...sizes].map(([name, figure, goal, unit, digits]) => {
    const cell = (figures) => {
      const value = figure(figures);
      return value == null ? '' : `${value.toFixed(digits)} ${unit}`.trim();
    };
    return [name, cell(node), cell(chromium), goal];
  });
  const head = [
    `${rounds} sounds of 1 s`,
    `Node ${node.version}`,
    `Chromium ${chromium.version}`,
    'goal',
  ];
  const tables = [
    markdown(head, rows),
    markdown(BAKES, bakesOf(bake)),
    markdown(ENCODED, encodedOf(bake)),
    markdown(SIZES, sizesOf(bytes)),
  ];
  return [machine, ...tables.map((lines) => ['', ...lines])].flat().join('\n');
}

const BAKES = ['bake', 'takes a minute, 1 thread', '2 threads', '÷ duration', '2 threads', 'again'];

function bakesOf(bake) {
  return Object.entries(bake).map(([count, { 1: one, 2: two }]) => [
    `${count} sounds of 0.5 s`,
    ...[one, two].map((figures) => figures.takes_a_minute.toFixed(0)),
    ...[one, two].map((figures) => figures.rtf.toFixed(3)),
    `${one.second_run_s.toFixed(2)} s`,
  ]);
}

const ENCODED = ['takes kept → files', 'takes a minute, 1 thread', '2 threads'];

function encodedOf(bake) {
  return Object.entries(bake).flatMap(([count, { 1: one, 2: two }]) =>
    Object.keys(one.encoded_a_minute).map((format) => [
      `${count} sounds of 0.5 s as ${format}`,
      ...[one, two].map((figures) => figures.encoded_a_minute[format].toFixed(0)),
    ]),
  );
}

const SIZES = ['download', 'bytes', 'goal'];

function sizesOf({ decoder_weights, default_total, ...code }) {
  const count = (bytes) => bytes.toLocaleString('en');
  return [
    [
      'our code of a Babylon page, worker included, brotli',
      count(code.player_code_brotli),
      '≤ 100,000',
    ],
    ['… of one that ships without the model', count(code.baked_page_code_brotli), '≤ 100,000'],
    ['… of a page that plays baked sounds alone', count(code.baked_code_brotli), '≤ 100,000'],
    ['weights of the codec’s decoder', count(decoder_weights), '≤ 2,000,000'],
    ['CPU generation in all', count(default_total), '≤ 40,000,000'],
  ];
}

export function markdown(head, rows) {
  const widths = head.map((text, column) =>
    Math.max(text.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)];
}
