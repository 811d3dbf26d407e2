/**
 * What the plugin needs of rollup and of Vite, and no more: types of its own, so that a project with one of them need not have
 * the other. test/bake/rollup/builds.test.ts hands the plugin to both.
 */

/** `this` in hooks of a build. */
export interface BuildContext {
  readonly meta: { readonly watchMode: boolean };
  emitFile(asset: EmittedAsset): string;
  addWatchFile(path: string): void;
  warn(message: string): void;
  /** Ends the build. */
  error(error: BuildError): never;
}

export interface EmittedAsset {
  type: 'asset';
  /** A hash is added. */
  name?: string;
  /** As it is. */
  fileName?: string;
  source: string | Uint8Array;
}

export interface BuildError {
  message: string;
  id?: string;
  loc?: { file: string; line: number; column: number };
}

/** Of Vite's settings. */
export interface ViteConfig {
  readonly root: string;
  readonly base: string;
  readonly command: 'build' | 'serve';
  readonly build: { readonly assetsDir: string };
}

/** Vite's development server. */
export interface DevServer {
  readonly config: {
    readonly base: string;
    readonly logger: Record<'info' | 'warn' | 'error', (message: string) => void>;
  };
  readonly middlewares: { use(handler: Middleware): unknown };
  readonly watcher: {
    add(path: string): unknown;
    on(event: 'add' | 'change', listener: (path: string) => void): unknown;
  };
  readonly ws: {
    send(event: string, data: object): void;
    send(payload: ErrorPayload | { type: 'full-reload' }): void;
    on(event: string, listener: (data: object, client: DevClient) => void): unknown;
  };
}

/** One page. */
export interface DevClient {
  send(event: string, data: object): void;
}

/** Vite shows it over the page. */
export interface ErrorPayload {
  type: 'error';
  err: { message: string; stack: string; plugin: string } & Pick<BuildError, 'id' | 'loc'>;
}

export type Middleware = (
  request: { readonly url?: string | undefined; readonly method?: string | undefined },
  response: DevResponse,
  next: (error?: unknown) => void,
) => void;

export interface DevResponse {
  writeHead(status: number, headers: Record<string, string>): DevResponse;
  end(body: string | Uint8Array): unknown;
}
