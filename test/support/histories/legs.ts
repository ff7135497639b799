// Which legs do orders of the four routes have in a test?
import type { Reference } from '../../../events/envelope.ts';
import type { Said } from './events.ts';

type Legs = NonNullable<Said<'OrderPlaced'>['legs']>;

/** A party of an order by its role, such as `vendor`. */
export const partyOf = (id: string): Reference => ({ system: 'erp', kind: 'account', id });

/** The legs of one component from seller to seller, the customer last: `chain('licence', 'vendor', 'customer')`. */
export const chain = (component: string, ...ids: readonly string[]): Legs =>
  ids.slice(1).map((buyer, index) => ({
    seq: index + 1,
    component,
    seller: partyOf(ids[index] ?? ''),
    buyer: partyOf(buyer),
    amount: { amountMinor: 10_000 - (ids.length - index) * 1_000, currency: 'EUR' },
  }));

export const directLegs = chain('licence', 'vendor', 'customer');
export const twoTierLegs = chain('licence', 'vendor', 'distributor', 'partner', 'customer');
export const resoldLegs = chain('licence', 'vendor', 'partner', 'customer');
export const coSoldLegs = [...resoldLegs, ...chain('service', 'integrator', 'customer')];

/** What the vendor pays the marketplace. */
export const marketplaceFee: NonNullable<Said<'OrderPlaced'>['fees']> = [
  {
    payee: partyOf('aws'),
    payer: partyOf('vendor'),
    kind: 'marketplace',
    amount: { amountMinor: 300, currency: 'EUR' },
  },
];
