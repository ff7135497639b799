// Which messages do the runtime and the keeper of its walled engine exchange?

/** To the keeper: open a connection, which comes back under this number; or end, with the engine. */
export type ToKeeper = { readonly kind: 'connect'; readonly id: number } | { readonly kind: 'stop' };

/** From the keeper. */
export type FromKeeper =
  /** It stands behind the wall; what fails from here on is the engine's failure. */
  | { readonly kind: 'inside' }
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly reasons: readonly string[]; readonly refused: boolean }
  | { readonly kind: 'log'; readonly line: string }
  /** With it comes the connection itself. */
  | { readonly kind: 'connected'; readonly id: number }
  | { readonly kind: 'refused'; readonly id: number; readonly why: string };

/** What the keeper is told in its arguments, as JSON. */
export interface KeeperStart {
  /** The engine's database file. */
  readonly path: string;
  /** The file that holds pid and path of the running engine. */
  readonly note: string;
  /** The network namespace of the runtime, in which the keeper must not be. */
  readonly outside: string;
}
