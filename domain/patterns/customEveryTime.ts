// Does every delivery need custom work, instead of following a template?
import * as z from 'zod';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { cites, clearedBy } from './awaited.ts';
import { deviationEffort } from './deviationEffort.ts';
import { overrun } from './overrun.ts';
import { bind, definePattern, type Rule, type Verdict } from './pattern.ts';

const noThresholds = z.object({});

/** P2.1: a delivery starts and names no template. The flag clears when delivery starts again on a template. */
const noTemplate: Rule<typeof noThresholds> = {
  id: 'P2.1',
  title: 'Delivery without a template',
  opens: ['DeliveryStarted'],
  thresholds: noThresholds,
  verdicts: ({ engagement }) => {
    const starts = engagement.of('DeliveryStarted');
    const templated = starts.filter((event) => event.data.templateRef !== undefined);
    return starts.flatMap((start): readonly Verdict[] => {
      if (start.data.templateRef !== undefined) return [];
      const rebased = firstWhere(templated, (event) => inFoldOrder(event, start) > 0);
      return [
        {
          state: 'raised',
          subject: `delivery:${start.factId}`,
          openedBy: start,
          raisedAt: start.occurredAt,
          severity: 'low',
          evidence: [cites(start, 'delivery started without a template')],
          clearsWhen: 'Delivery starts again on a template.',
          nextStep: "Base the delivery on the offer's template, or write a template from this delivery.",
          cleared: rebased === undefined ? undefined : clearedBy(rebased, 'rebasedOnTemplate'),
          changesAt: undefined,
        },
      ];
    });
  },
};

export const customEveryTime = definePattern({
  name: 'customEveryTime',
  title: 'Custom work every time',
  rules: [bind(noTemplate), bind(deviationEffort), bind(overrun)],
});
