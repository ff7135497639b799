// Was a tool sold instead of an outcome?
import * as z from 'zod';
import { winsOf } from '../engagement/closings.ts';
import { outcomeMissed } from './agreedOutcomes.ts';
import { awaited, cites, silence } from './awaited.ts';
import { confirmedShelfware } from './confirmedShelfware.ts';
import { licenceOnly } from './licenceOnly.ts';
import { lowAdoption } from './lowAdoption.ts';
import { neverUsed } from './neverUsed.ts';
import { bind, definePattern, type Rule } from './pattern.ts';

const noThresholds = z.object({});

/** P1.1: no outcome was agreed at or before the first win of a cycle. An outcome of any cycle counts. */
const noAgreedOutcome: Rule<typeof noThresholds> = {
  id: 'P1.1',
  title: 'Won without an agreed outcome',
  opens: ['DealClosed'],
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement } = view;
    return winsOf(engagement).flatMap(({ cycle, event: won }) => {
      const dueAt = won.occurredAt;
      return awaited(view, {
        subject: `cycle:${cycle}`,
        openedBy: won,
        awaits: ['OutcomeAgreed'],
        dueAt,
        answer: engagement.of('OutcomeAgreed')[0],
        waitsFor: 'an outcome agreed with the customer',
        severity: 'medium',
        evidence: [
          cites(won, 'the deal was won'),
          silence('OutcomeAgreed', {
            from: engagement.events[0]?.occurredAt ?? won.occurredAt,
            until: dueAt,
            armedBy: won,
            says: 'no outcome was agreed by the time of the win',
          }),
        ],
        clearsWhen: 'An outcome is agreed with the customer.',
        nextStep: 'Agree with the customer which outcome the purchase serves, how it is measured and by when.',
        reason: 'outcomeAgreedAfterSale',
      });
    });
  },
};

export const toolsInsteadOfOutcomes = definePattern({
  name: 'toolsInsteadOfOutcomes',
  title: 'Tools sold instead of outcomes',
  rules: [
    bind(noAgreedOutcome),
    bind(lowAdoption),
    bind(neverUsed),
    bind(licenceOnly),
    bind(outcomeMissed),
    bind(confirmedShelfware),
  ],
});
