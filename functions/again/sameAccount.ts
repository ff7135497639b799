// Do two connections say the facts of one account?
import { sourceOf } from '../../events/sources/catalog.ts';
import type { Connection } from '../../events/sources/source.ts';

const factAccount = ({ source, account }: Connection): string => sourceOf(source)?.factAccount ?? account;

/** Whether a fact that one of them says has the same id where the other says it. Who speaks for a partner says facts of its own. */
export const isSameAccount = (a: Connection, b: Connection): boolean =>
  a.tenantId === b.tenantId && a.source === b.source && factAccount(a) === factAccount(b) && a.partner === b.partner;
