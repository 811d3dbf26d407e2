/**
 * A model pack in the real format with random weights (written by training/export.py): small enough for every test that
 * needs networks. In Node a path from the repository, in the browser tests' server the same path as a URL.
 */
export const TINY_PACK = 'test/fixtures/tiny-pack';
