// In which message group of a queue is the work of a tenant?
import { uuidOf } from '../../events/identifiers.ts';

/** The group of work over all tenants. No tenant has a `#`. */
const ofAllTenants = '#all';

/**
 * The message group of a tenant. Of a standard queue SQS delivers the groups side by side, so that the backlog of one tenant does
 * not hold up another's messages. A group is up to 128 ASCII characters; a tenant with others has a UUID for it.
 */
export const groupOf = (tenantId: string = ofAllTenants): string =>
  /^[\x21-\x7e]{1,128}$/.test(tenantId) ? tenantId : uuidOf('group', tenantId);

/** The tenant of a stream's id: what is before its first slash. */
export const tenantOfStream = (streamId: string): string => streamId.slice(0, Math.max(0, streamId.indexOf('/')));
