/** Whether this visitor has allowed the model to be fetched, now or before. Where nothing can be kept, each visit asks anew. */

const KEY = 'scenefoley demo: model allowed';

export function hasAllowed(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

export function rememberAllowed(): void {
  try {
    localStorage.setItem(KEY, 'yes');
  } catch {
    // Private windows keep nothing.
  }
}
