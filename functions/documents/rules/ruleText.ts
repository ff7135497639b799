// What does a person read about a rule, beside its title and thresholds?

export interface RuleText {
  /** The question that the rule answers about an engagement. */
  readonly asks: string;
  /** When the flag is raised. */
  readonly raised: string;
  /** Why the defaults are what they are. */
  readonly because: string;
  readonly severity: string;
  /** What a flag shows as its proof. */
  readonly evidence: string;
  readonly clears: string;
  /** What looks like the failure and isn't: the rule raises no flag there. */
  readonly knows: readonly string[];
}

/** Texts by the ids of the rules. */
export type RuleTexts = Readonly<Record<string, RuleText>>;
