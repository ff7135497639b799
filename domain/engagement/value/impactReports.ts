// Which reports prove that the customer's business gains?
import type { RecordedOf } from '../../../events/catalog.ts';
import type { Facts } from '../facts.ts';

/**
 * The reports of business impact, in fold order: the case for a renewal. A live dashboard that the customer has looked at proves
 * less: it keeps the rhythm of reports (P4.1), and makes no case.
 */
export const impactReportsOf = (facts: Pick<Facts, 'of'>): readonly RecordedOf<'ValueReported'>[] =>
  facts
    .of('ValueReported')
    .filter(({ data }) => data.form !== 'dashboard' && data.sections.includes('business_impact'));
