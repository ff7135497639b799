// How does the local runtime say what it can't do? One error that a person reads, without a stack of calls.

/** The reasons, each naming what is refused; `main` prints them and nothing else. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[], options?: ErrorOptions) {
    super(reasons.join('\n'), options);
    this.reasons = reasons;
  }
}

/** Refuses for one reason. */
export function refuse(reason: string, cause?: unknown): never {
  throw new Refusal([reason], cause === undefined ? undefined : { cause });
}
