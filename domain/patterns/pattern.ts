// What is a failure pattern's rule, and what verdict does it give at an instant? Armed, raised with evidence, or suspended.
import type * as z from 'zod';
import type { EventType, RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Engagement } from '../engagement/engagement.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What a rule looks at: the engagement up to `now` (its events with occurredAt ≤ now), its context, and `now`. */
export interface View {
  readonly engagement: Engagement;
  readonly context: Context;
  readonly now: Instant;
}

/** What proves a flag: an event, a silence between two instants, or a value beside its threshold. */
export type Evidence =
  | {
      readonly kind: 'event';
      readonly eventId: string;
      readonly type: EventType;
      readonly occurredAt: Instant;
      readonly says: string;
    }
  | {
      readonly kind: 'silence';
      readonly of: EventType;
      readonly from: Instant;
      readonly until: Instant;
      readonly armedBy: string;
      readonly says: string;
    }
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly value: number | string;
      readonly threshold: number | string;
    };

/** What stays the same through an episode's life: with the rule and `openedBy` it makes the flag's id. */
interface Episode {
  /** The part of the engagement it is about, stable under restatement: a cycle and pair, a subscription and term. */
  readonly subject: string;
  /** The event that armed or opened it. */
  readonly openedBy: RecordedEvent;
}

export type Verdict =
  | (Episode & { readonly state: 'armed'; readonly dueAt: Instant; readonly waitsFor: string })
  | (Episode & {
      readonly state: 'raised';
      readonly raisedAt: Instant;
      readonly severity: Severity;
      readonly evidence: readonly Evidence[];
      readonly clearsWhen: string;
      readonly nextStep: string;
      readonly cleared: Clearing | undefined;
      /** A later instant at which the verdict changes by time alone, such as a step of severity. */
      readonly changesAt: Instant | undefined;
    })
  | (Episode & { readonly state: 'suspended'; readonly since: Instant; readonly because: string });

export interface Clearing {
  readonly at: Instant;
  /** The event that cleared it; undefined where the engagement's end did. */
  readonly eventId: string | undefined;
  readonly reason: string;
}

/** One rule: its id in the domain reference (P1.1 …), its thresholds with their defaults, and its verdicts. Quiet is no verdict. */
export interface Rule<Thresholds extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly title: string;
  readonly thresholds: Thresholds;
  verdicts(view: View, thresholds: z.infer<Thresholds>): readonly Verdict[];
}

export interface Pattern<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly rules: readonly BoundRule[];
}

/** Defines a failure pattern; its name in flags, tables, filters and documents is the one given here. */
export const definePattern = <const Name extends string>(pattern: Pattern<Name>): Pattern<Name> => pattern;

/** A rule whose thresholds are taken from the policy by its id. */
export interface BoundRule {
  readonly id: string;
  readonly title: string;
  readonly thresholds: z.ZodObject;
  verdicts(view: View): readonly Verdict[];
}

/** What the policy says of a rule; its defaults where that can't be, so that one bad policy stops no projection. */
const thresholdsIn = <Thresholds extends z.ZodObject>(view: View, rule: Rule<Thresholds>): z.infer<Thresholds> => {
  const said = rule.thresholds.safeParse(view.context.policy.thresholds[rule.id] ?? {});
  return said.success ? said.data : rule.thresholds.parse({});
};

/** Binds a rule to the thresholds of the policy in force; without one, its defaults hold. */
export const bind = <Thresholds extends z.ZodObject>(rule: Rule<Thresholds>): BoundRule => ({
  id: rule.id,
  title: rule.title,
  thresholds: rule.thresholds,
  verdicts: (view) => rule.verdicts(view, thresholdsIn(view, rule)),
});
