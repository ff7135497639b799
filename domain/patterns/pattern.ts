// What is a rule of a failure pattern, and which verdicts can it give?
import type * as z from 'zod';
import type { EventType, RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { oncePer } from '../oncePer.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What a rule looks at: the engagement up to `now` (its events with occurredAt ≤ now), its context, and `now`. */
export interface View {
  readonly engagement: Engagement;
  readonly context: Context;
  readonly now: Instant;
  /** When the first event of the engagement was recorded: before that, silence proves nothing. Undefined: it always does. */
  readonly heardFrom?: Instant | undefined;
  /**
   * Only episodes that are opened from here on are asked for, as an earlier ending has left the others. A rule may leave those out, to
   * spare work, but judges these by all that came before.
   */
  readonly openedFrom?: Instant | undefined;
  /**
   * From when on the policy holds, where another one held before: what this one would have opened earlier was not shown, so that it stands
   * in no other flag's way.
   */
  readonly heldFrom?: Instant | undefined;
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

/** The parts of an episode that never change. Together with the rule they make the flag's id. */
interface Episode {
  /**
   * The part of the engagement that it is about: a cycle and pair, or a subscription and term. A restatement does not
   * change it.
   */
  readonly subject: string;
  /** The event that armed or opened it. */
  readonly openedBy: RecordedEvent;
}

export type Verdict =
  /** A flag is raised when the tolerance after `dueAt` is over. */
  | (Episode & { readonly state: 'armed'; readonly dueAt: Instant; readonly waitsFor: string })
  | (Episode & {
      readonly state: 'raised';
      readonly raisedAt: Instant;
      /** When what did not happen was due; undefined for a rule that waits for nothing. */
      readonly dueAt?: Instant | undefined;
      readonly severity: Severity;
      readonly evidence: readonly Evidence[];
      readonly clearsWhen: string;
      readonly nextStep: string;
      readonly cleared: Clearing | undefined;
      /** A later instant at which the verdict changes by time alone, such as a step of severity. */
      readonly changesAt: Instant | undefined;
      /** A fact of history: the engagement's end does not close it, and its severity stays as it was raised. */
      readonly isHistoric?: boolean | undefined;
    })
  /** Nobody knows whether what is awaited came. */
  | (Episode & {
      readonly state: 'suspended';
      readonly since: Instant;
      readonly reason: SuspendedReason;
      readonly because: string;
      /** The silent connection, if that is the reason. */
      readonly connectionId?: string | undefined;
      /** A later instant at which the verdict ends by time alone. */
      readonly changesAt: Instant | undefined;
    });

/**
 * `notObserved`: the need arose before anybody listened. `notMeasured`: nobody ever measured what the rule looks at. `sourceQuiet`: a
 * connection that may say what is awaited is silent.
 */
export const suspendedReasons = ['notObserved', 'notMeasured', 'sourceQuiet'] as const;
export type SuspendedReason = (typeof suspendedReasons)[number];

export interface Clearing {
  readonly at: Instant;
  /** The event that cleared it; undefined if the engagement's end did. */
  readonly eventId: string | undefined;
  /** `lateClaim`: only a partner's late word, which the vendor has not confirmed, unmakes it. */
  readonly reason: string;
}

/**
 * One rule: its id in the domain reference (P1.1 …), its thresholds with their defaults, and its verdicts. A quiet rule
 * gives no verdict.
 */
export interface Rule<Thresholds extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly title: string;
  /** The types of which an event may open an episode; absent: any. Without such an event there is nothing to judge. */
  readonly opens?: readonly EventType[];
  readonly thresholds: Thresholds;
  verdicts(view: View, thresholds: z.infer<Thresholds>): readonly Verdict[];
}

export interface Pattern<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly rules: readonly BoundRule[];
}

/** Defines a failure pattern. Flags, tables, filters and documents use the name that it has here. */
export const definePattern = <const Name extends string>(pattern: Pattern<Name>): Pattern<Name> => pattern;

/** A rule that takes its thresholds from the policy, by its own id. */
export interface BoundRule {
  readonly id: string;
  readonly title: string;
  readonly opens?: readonly EventType[] | undefined;
  readonly thresholds: z.ZodObject;
  verdicts(view: View): readonly Verdict[];
}

/**
 * The policy's thresholds for a rule, parsed once for each policy. If they are not valid, the rule's defaults hold, so that one bad
 * policy stops no projection.
 */
const thresholdsBy = <Thresholds extends z.ZodObject>(rule: Rule<Thresholds>) =>
  oncePer((thresholds: Context['policy']['thresholds']): z.infer<Thresholds> => {
    const said = rule.thresholds.safeParse(thresholds[rule.id] ?? {});
    return said.success ? said.data : rule.thresholds.parse({});
  });

/** Binds a rule to the thresholds of the policy in force; without one, its defaults hold. */
export const bind = <Thresholds extends z.ZodObject>(rule: Rule<Thresholds>): BoundRule => {
  const thresholdsIn = thresholdsBy(rule);
  return {
    id: rule.id,
    title: rule.title,
    opens: rule.opens,
    thresholds: rule.thresholds,
    verdicts: (view) => rule.verdicts(view, thresholdsIn(view.context.policy.thresholds)),
  };
};
