/** What is connected to what, as far as it was connected since `watchGraph`: what is left at the end has leaked. */

export interface AudioGraph {
  /** Connections that are there now. */
  readonly connections: number;
  /** Nodes of that class, as 'ConvolverNode', with a connection from them. */
  nodes(className: string): number;
  stop(): void;
}

export function watchGraph(): AudioGraph {
  const outputs = new Map<AudioNode, Set<unknown>>();
  const { connect, disconnect } = AudioNode.prototype as unknown as Methods;

  function watchedConnect(this: AudioNode, ...args: unknown[]): unknown {
    const of = outputs.get(this) ?? new Set();
    outputs.set(this, of.add(args[0]));
    return connect.apply(this, args);
  }

  function watchedDisconnect(this: AudioNode, ...args: unknown[]): unknown {
    if (args.length === 0) outputs.delete(this);
    else outputs.get(this)?.delete(args[0]);
    return disconnect.apply(this, args);
  }

  const watched = { connect: watchedConnect, disconnect: watchedDisconnect };
  Object.assign(AudioNode.prototype, watched);
  return {
    get connections() {
      return [...outputs.values()].reduce((sum, { size }) => sum + size, 0);
    },
    nodes: (className) =>
      [...outputs].filter(([node, to]) => to.size > 0 && node.constructor.name === className)
        .length,
    stop: () => void Object.assign(AudioNode.prototype, { connect, disconnect }),
  };
}

type Methods = Record<'connect' | 'disconnect', (...args: unknown[]) => unknown>;
