// Who takes part in the sample channel? A vendor, its distributor, partners, marketplaces and the customers that they serve.
import { derivedPartyOf, parseStreamId } from '../../events/identifiers.ts';

export const tenantId = 'northwind';
export const vendor = 'northwind';
export const distributor = 'arrowline';

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly country: string;
  readonly currency: string;
}

/** The partners that lead engagements. */
export const partners: readonly Partner[] = [
  { id: 'brightforge', name: 'Brightforge', roles: ['msp', 'var'], country: 'NO', currency: 'EUR' },
  { id: 'kestrel-it', name: 'Kestrel IT', roles: ['var'], country: 'DE', currency: 'EUR' },
  { id: 'meridian-cloud', name: 'Meridian Cloud', roles: ['si'], country: 'FR', currency: 'EUR' },
  { id: 'oakline', name: 'Oakline Systems', roles: ['var', 'msp'], country: 'GB', currency: 'GBP' },
  { id: 'pinehill', name: 'Pinehill Digital', roles: ['msp'], country: 'SE', currency: 'EUR' },
  { id: 'tidewater', name: 'Tidewater Consulting', roles: ['si'], country: 'NL', currency: 'EUR' },
  { id: 'lumen-bay', name: 'Lumen Bay', roles: ['isv', 'var'], country: 'US', currency: 'USD' },
  { id: 'stonegate', name: 'Stonegate Partners', roles: ['var'], country: 'IE', currency: 'EUR' },
];

/** Others that sell or are paid: the vendor itself, the distributor and the marketplaces. */
export const others: readonly Partner[] = [
  { id: vendor, name: 'Northwind Observability', roles: ['vendor'], country: 'NO', currency: 'EUR' },
  { id: distributor, name: 'Arrowline Distribution', roles: ['distributor'], country: 'DE', currency: 'EUR' },
  { id: 'aws-marketplace', name: 'AWS Marketplace', roles: ['marketplace'], country: 'US', currency: 'USD' },
  { id: 'azure-marketplace', name: 'Azure Marketplace', roles: ['marketplace'], country: 'US', currency: 'USD' },
];

const places = [
  'Halden',
  'Brekke',
  'Fjordvik',
  'Lindholm',
  'Ostrava',
  'Calder',
  'Marlow',
  'Tarn',
  'Vestby',
  'Arden',
  'Corvin',
  'Delmar',
  'Elstow',
  'Farrow',
  'Greyfell',
  'Harwick',
  'Ilsen',
  'Juniper',
  'Kilmore',
  'Larkhill',
  'Moss',
  'Norrby',
  'Orwell',
  'Penrose',
  'Quarry',
  'Rosvik',
  'Selby',
  'Thorne',
  'Ulvik',
  'Varden',
  'Wexley',
  'Yarrow',
];
const trades = [
  'Logistics',
  'Foods',
  'Energy',
  'Health',
  'Retail',
  'Bank',
  'Shipping',
  'Insurance',
  'Textiles',
  'Rail',
  'Pharma',
  'Media',
];

/** A customer's name; each number has a different one. */
export const customerName = (number: number): string =>
  `${places[number % places.length]} ${trades[(number * 5 + Math.floor(number / places.length)) % trades.length]}`;

export const segments = ['Transportation', 'Retail', 'Energy', 'Healthcare', 'Banking', 'Manufacturing'] as const;

/** A party as facts name it. */
export interface PartyReference {
  readonly system: string;
  readonly kind: string;
  readonly id: string;
}

/** An organisation of the channel, by the code that people use for it in every system. */
export const channelParty = (id: string): PartyReference => ({ system: 'reference', kind: 'partner', id });

/** The id of the party that such an organisation is. */
export const partyOf = (id: string): string => parseStreamId(derivedPartyOf(tenantId, channelParty(id))).id;
