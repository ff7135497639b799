// Which customer do an engagement's facts name, and what do they say about it?
import type { RecordedOf } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { inFoldOrder } from '../history.ts';
import type { Engagement } from './engagement.ts';

type NamesCustomer = RecordedOf<'EngagementOpened' | 'CustomerIdentified'>;

/** What the messages about the engagement's customer say that count: a partner's where nobody else says what `field` asks for. */
export const customerWords = <Field extends keyof NamesCustomer['data']>(
  engagement: Pick<Engagement, 'events' | 'of'>,
  field: Field,
) => {
  const naming = [...engagement.of('EngagementOpened'), ...engagement.of('CustomerIdentified')].filter(
    ({ data }) => data[field] !== undefined,
  );
  return wordsFirst<NamesCustomer>(naming.sort(inFoldOrder), unconfirmedIn(engagement.events)).flatMap((by) => {
    const said = by.data[field];
    return said === undefined ? [] : [{ by, said }];
  });
};

/**
 * The customer as the engagement's facts name it: the last one in its own messages, else one of its orders or
 * subscriptions. What only a partner says comes after all of these. Undefined if none names a customer.
 */
export const customerOf = (engagement: Engagement): Reference | undefined => {
  const isUnconfirmed = unconfirmedIn(engagement.events);
  const named = customerWords(engagement, 'customer').at(-1);
  const ordered = engagement.orders.filter(({ said }) => said.customer !== undefined);
  return (
    (named === undefined || isUnconfirmed(named.by) ? undefined : named.said) ??
    ordered.find(({ claims }) => claims.some((claim) => claim.data.customer !== undefined && !isUnconfirmed(claim)))
      ?.said.customer ??
    engagement.subscriptions.find(({ started }) => started?.data.customer !== undefined)?.started?.data.customer ??
    named?.said ??
    ordered[0]?.said.customer
  );
};
