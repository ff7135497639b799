// What is a rule on a partner, across the engagements that it led, and which verdicts can it give?
import type * as z from 'zod';
import type { Instant } from '../../../events/instant.ts';
import { oncePer } from '../../oncePer.ts';
import type { Severity } from '../pattern.ts';
import type { OfferUse } from './offerUse.ts';

/** What proves a flag on a partner: what happened in one of its engagements, or a measure beside its threshold. */
export type PartnerEvidence =
  | {
      readonly kind: 'event';
      readonly engagementId: string;
      readonly eventId: string;
      readonly type: OfferUse['type'];
      readonly occurredAt: Instant;
      readonly says: string;
    }
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly value: number;
      readonly threshold: number;
    };

export interface PartnerClearing {
  readonly at: Instant;
  readonly eventId: string;
  /** The engagement of that event; undefined if it is of an offer. */
  readonly engagementId: string | undefined;
  readonly reason: string;
}

/** What clears an episode: a use of one of its engagements. */
export const clearedByUse = ({ engagementId, eventId }: OfferUse, at: Instant, reason: string): PartnerClearing => ({
  ...{ at, eventId, engagementId, reason },
});

/** An episode. It is the rule's, its subject's and its opener's, as an engagement's is. */
export interface PartnerVerdict {
  /** The part of the partner's business that it is about. */
  readonly subject: string;
  readonly openedBy: OfferUse;
  readonly raisedAt: Instant;
  readonly severity: Severity;
  readonly evidence: readonly PartnerEvidence[];
  readonly clearsWhen: string;
  readonly nextStep: string;
  readonly cleared: PartnerClearing | undefined;
}

/** A rule on partners: its id in the domain reference, its thresholds, and its verdicts on all uses of one partner. */
export interface PartnerRule<Thresholds extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly title: string;
  readonly thresholds: Thresholds;
  /** `uses` are in the order in which they count. Each is judged by the thresholds of its own time. */
  verdicts(uses: readonly OfferUse[], thresholdsOf: (use: OfferUse) => z.infer<Thresholds>): readonly PartnerVerdict[];
}

export interface BoundPartnerRule {
  readonly id: string;
  readonly title: string;
  readonly thresholds: z.ZodObject;
  verdicts(uses: readonly OfferUse[]): readonly PartnerVerdict[];
}

/** Binds a rule to the thresholds that each use brings. If they are not valid, the rule's defaults hold. */
export const bindPartnerRule = <Thresholds extends z.ZodObject>(rule: PartnerRule<Thresholds>): BoundPartnerRule => {
  const thresholdsOf = oncePer((use: OfferUse): z.infer<Thresholds> => {
    const said = rule.thresholds.safeParse(use.thresholds[rule.id] ?? {});
    return said.success ? said.data : rule.thresholds.parse({});
  });
  return {
    id: rule.id,
    title: rule.title,
    thresholds: rule.thresholds,
    verdicts: (uses) => rule.verdicts(uses, thresholdsOf),
  };
};

/** A measure to six decimals, as it stands in evidence. */
export const measuredIn = (name: string, value: number, threshold: number): PartnerEvidence => ({
  kind: 'value',
  name,
  value: Math.round(value * 1e6) / 1e6,
  threshold,
});

/** The event by which a use counts, with what it shows. */
export const citesUse = ({ engagementId, eventId, type, at }: OfferUse, says: string): PartnerEvidence => ({
  kind: 'event',
  engagementId,
  eventId,
  type,
  occurredAt: at,
  says,
});
