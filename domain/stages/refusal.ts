// Why may a person's fact not be recorded? A refusal is a value: a reason that code can match, and a detail that a person can act on.

export interface Refusal {
  readonly outcome: 'refused';
  /** camelCase, stable: clients match it. */
  readonly reason: string;
  /** What is wrong and how to mend it. */
  readonly detail: string;
}

/** A refusal with its reason and detail. */
export const refuse = (reason: string, detail: string): Refusal => ({ outcome: 'refused', reason, detail });
