// Which `detail-type` does a change of Salesforce have on its partner bus, if only its detail is known?
import * as z from 'zod';

const Record = z.object({ ChangeEventHeader: z.object({ entityName: z.string().min(1) }) });
const Detail = z.union([z.object({ payload: Record }).transform(({ payload }) => payload), Record]);

/**
 * `OpportunityChangeEvent` of an Opportunity, `Play__ChangeEvent` of a `Play__c`. Undefined for a platform event: its
 * name stands only in the envelope.
 */
export const detailTypeOf = (detail: unknown): string | undefined => {
  const read = Detail.safeParse(detail);
  if (!read.success) return undefined;
  const { entityName } = read.data.ChangeEventHeader;
  return entityName.endsWith('__c') ? `${entityName.slice(0, -1)}ChangeEvent` : `${entityName}ChangeEvent`;
};
