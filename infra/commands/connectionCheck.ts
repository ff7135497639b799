// Will a connection's messages be understood? Its mapping is held against its source's own schema, and what it may say against the catalog.
import { eventTypes, issuesOf } from '../../events/catalog.ts';
import { sourceOf } from '../../events/sources/catalog.ts';
import type { ConnectionRequest } from '../../functions/intake/connect.ts';
import { Refusal } from '../local/core/refusal.ts';

/** Refuses what would only be found with the first message: every one of them would be refused then, or wait for ever. */
export function checkConnection({ source, mapping, alsoAllows = [] }: ConnectionRequest): void {
  const parsed = sourceOf(source)?.mapping.safeParse(mapping);
  const issues = parsed?.success === false ? issuesOf(parsed.error) : [];
  const unknown = alsoAllows.filter((type) => !eventTypes.some((known) => known === type));
  const reasons = [
    ...issues.map(({ path, message }) => `--mapping${path === '' ? '' : ` at ${path}`}: ${message}.`),
    ...(issues.length > 0 ? [`Its fields stand in events/sources/${source}/mapping.ts.`] : []),
    ...(unknown.length > 0
      ? [`--allow ${unknown.join(',')}: there are no such types; there are ${eventTypes.join(', ')}.`]
      : []),
  ];
  if (reasons.length > 0) throw new Refusal(reasons);
}
