/** Whether an AudioContext plays what is started, whichever kind it is. */

export function isRunning(context: BaseAudioContext): boolean {
  return context.state === 'running' || isOffline(context);
}

/** Nothing for what runs, is closed, or is not ours to resume. */
export async function resume(context: BaseAudioContext): Promise<void> {
  if (isResumable(context) && context.state !== 'running') await context.resume();
}

export function isResumable(context: BaseAudioContext): context is AudioContext {
  return 'close' in context && context.state !== 'closed';
}

/** An offline context says 'suspended' until it renders, but what is started plays. */
function isOffline(context: BaseAudioContext): boolean {
  return typeof OfflineAudioContext !== 'undefined' && context instanceof OfflineAudioContext;
}
