// What does a person's request say as a fact? Its type, its stream and its ids: from the body what was said, from the token who said it.
import { definitionOf, type Fact, type Issue, issuesOf, parseFact } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { addressIn } from '../../events/personalData.ts';
import { withNormalExternalIds } from '../../events/sources/externalIds.ts';
import type { Caller } from '../http/caller.ts';
import type { Problem } from '../http/problem.ts';
import { linkProblems } from '../intake/linkRules.ts';
import type { FactRequest } from './factRequest.ts';
import { type SubjectSought, subjectOf } from './factSubject.ts';
import { thresholdProblems } from './policyRules.ts';

export type Understood = { readonly fact: Fact } | { readonly problem: Problem };

export interface PersonSaying {
  readonly request: FactRequest;
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly now: Instant;
  readonly resolve: SubjectSought['resolve'];
}

const refused = (reason: string, detail: string, issues: readonly Issue[]): Understood => ({
  problem: { status: 422, reason, detail, issues },
});

const inData = (path: string): string => ['data', path].filter(Boolean).join('.');

const earliest = '2000-01-01T00:00:00.000Z';

/** What a fact that is well formed must not say all the same: unknown thresholds, links out of the tenant. */
const contentProblem = (fact: Fact): Understood => {
  const thresholds = thresholdProblems(fact);
  if (thresholds.length > 0) return refused('thresholdsUnknown', 'a rule has no such threshold', thresholds);
  const links = linkProblems(fact);
  if (links.length > 0) return refused('linkInvalid', 'an id can not be led there', links);
  return { fact };
};

/**
 * Makes the fact that the caller's request says. 422 with issues where it is malformed, its time can't be believed or its
 * data holds an e-mail address; 403 where the caller may not say its type; 404 where its reference leads nowhere.
 */
export const understand = async (saying: PersonSaying): Promise<Understood> => {
  const { request, caller, idempotencyKey, now, resolve } = saying;
  const { type, supersedes } = request;
  const { tenantId, subject, role } = caller;
  const definition = definitionOf(type);
  if (definition === undefined) {
    return refused('typeUnknown', `no event type ${type}`, [{ path: 'type', message: `unknown event type ${type}` }]);
  }
  if (!definition.saidBy.includes(role)) {
    return { problem: { status: 403, reason: 'notAllowed', detail: `a ${role} may not say ${type}` } };
  }
  const occurredAt = request.occurredAt ?? now;
  if (occurredAt < earliest || occurredAt > addDays(now, 1)) {
    return refused('occurredAtNotBelievable', 'occurredAt lies before 2000, or more than 24 h ahead', [
      { path: 'occurredAt', message: `${occurredAt} is not believable at ${now}` },
    ]);
  }
  const parsed = definition.data.safeParse(request.data);
  if (!parsed.success) {
    const issues = issuesOf(parsed.error).map(({ path, message }) => ({ path: inData(path), message }));
    return refused('dataInvalid', `the data is not that of a ${type}`, issues);
  }
  const address = addressIn(parsed.data);
  if (address !== undefined) {
    const message = 'it holds an e-mail address; people enter an event as references only';
    return refused('addressInData', message, [{ path: inData(address.join('.')), message }]);
  }
  const said = withNormalExternalIds(parsed.data);
  const data = { ...(typeof said === 'object' ? said : undefined) };
  const found = await subjectOf({ request, definition, data, caller, idempotencyKey, resolve });
  if ('problem' in found) return found;
  const factId = factIdOf({
    tenantId,
    system: 'people',
    account: subject,
    sourceId: idempotencyKey,
    type,
    // A key used again on another stream is another fact: ids are unique across streams.
    discriminator: found.stream,
  });
  const fact = parseFact({
    eventId: eventIdOf(factId, data),
    factId,
    type,
    schemaVersion: definition.version,
    tenantId,
    streamId: found.stream,
    occurredAt,
    source: `people:${subject}`,
    sourceEventId: idempotencyKey,
    causationId: factId,
    correlationId: found.stream,
    actor: subject,
    ...(supersedes !== undefined && { supersedes }),
    data,
  });
  return fact.ok ? contentProblem(fact.value) : refused('factInvalid', 'the fact is not well formed', fact.issues);
};
