// Which groups does a customer have: over all partners, and with each of them?

/** What a group is about: a customer (or an engagement whose customer is not known), with one partner or over all. */
export interface Scope {
  readonly customerId: string | null;
  readonly engagementId: string | null;
  readonly partnerId: string | null;
}

const standsFor = 'engagement:';

/** The customer as text, the same in all its groups. */
export const customerOf = ({ customerId, engagementId }: Omit<Scope, 'partnerId'>): string =>
  customerId ?? `${standsFor}${engagementId}`;

/** The group of a scope. Party ids hold no `|`. */
export const groupOf = (scope: Scope): string =>
  scope.partnerId === null ? customerOf(scope) : `${customerOf(scope)}|${scope.partnerId}`;

/** The scope of a group. */
export const scopeOf = (group: string): Scope => {
  const [customer = '', partnerId = null] = group.split('|');
  return customer.startsWith(standsFor)
    ? { customerId: null, engagementId: customer.slice(standsFor.length), partnerId }
    : { customerId: customer, engagementId: null, partnerId };
};
