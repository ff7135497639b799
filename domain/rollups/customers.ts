// Which customers are there, and with which partners? The groups of a customer: it alone, and it with each of its partners.

/** A customer, or the engagement that stands for one that is not known; with one partner, or over all. */
export interface Scope {
  readonly customerId: string | null;
  readonly engagementId: string | null;
  readonly partnerId: string | null;
}

const standsFor = 'engagement:';

/** The customer as text, the same in all its groups. */
export const customerOf = ({ customerId, engagementId }: Omit<Scope, 'partnerId'>): string =>
  customerId ?? `${standsFor}${engagementId}`;

/** The group of a scope. Ids of parties hold no `|`. */
export const groupOf = (scope: Scope): string =>
  scope.partnerId === null ? customerOf(scope) : `${customerOf(scope)}|${scope.partnerId}`;

/** The scope of a group. */
export const scopeOf = (group: string): Scope => {
  const [customer = '', partnerId = null] = group.split('|');
  return customer.startsWith(standsFor)
    ? { customerId: null, engagementId: customer.slice(standsFor.length), partnerId }
    : { customerId: customer, engagementId: null, partnerId };
};
