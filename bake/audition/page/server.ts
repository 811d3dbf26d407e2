/** The page's end of what audition/contract.ts says. */
import type { AuditionSound, Choice, Listing, TakeFacts } from '../contract.ts';

/** Which take; duration and loop are those of the sound map, and another one's takes are others. */
export interface TakeName extends Pick<AuditionSound, 'duration' | 'loop'> {
  sound: string;
  prompt: string;
  seed: number;
}

export interface LoadedTake {
  audio: AudioBuffer;
  facts: TakeFacts;
}

export async function fetchListing(): Promise<Listing> {
  return (await checked(await fetch('/sounds'))).json();
}

export async function fetchTake(
  { sound, prompt, seed }: TakeName,
  signal: AbortSignal,
): Promise<LoadedTake> {
  const query = new URLSearchParams({ sound, prompt, seed: String(seed) });
  const response = await checked(await fetch(`/take.wav?${query}`, { signal }));
  const facts: TakeFacts = JSON.parse(response.headers.get('X-Take') ?? '{}');
  const decoder = new OfflineAudioContext(1, 1, facts.sampleRate);
  return { audio: await decoder.decodeAudioData(await response.arrayBuffer()), facts };
}

export async function sendChoice(choice: Choice): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(choice) };
  await checked(await fetch('/choice', request));
}

/** @param onLost the server has gone, or is back */
export function onChanges(onSounds: () => void, onLost: (isLost: boolean) => void): void {
  const events = new EventSource('/changes');
  events.addEventListener('sounds', onSounds);
  events.addEventListener('error', () => onLost(true));
  events.addEventListener('open', () => onLost(false));
}

/** @throws Error with what the server says. */
async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(await response.text());
}
