// How does the local runtime refuse something? With one error class whose reasons a person reads, without a stack trace.

/** The reasons; each names what is refused. The command prints only them. */
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
