// Why is a fact not recorded?

export interface Refusal {
  readonly outcome: 'refused';
  /** camelCase, stable: client code compares it. */
  readonly reason: string;
  /** What is wrong, and how a person can correct it. */
  readonly detail: string;
}

/** A refusal with its reason and detail. */
export const refuse = (reason: string, detail: string): Refusal => ({ outcome: 'refused', reason, detail });
