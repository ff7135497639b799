// Which fact, with which ids, does a person's request mean?
// `recordPersonFact.ts` calls it; to find the subject it reads identity streams.
import { believableTime, minutesAhead } from '../../events/believableTime.ts';
import { definitionOf, type Fact, type Issue, parseFact } from '../../events/catalog.ts';
import type { EventDefinition } from '../../events/definition.ts';
import { freeTextIn, freeTextRefusals, isFreeText } from '../../events/freeText.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { addressIn, addressRefusal } from '../../events/personalData.ts';
import { withNormalExternalIds } from '../../events/sources/externalIds.ts';
import { parseSaid } from '../../events/sources/saidData.ts';
import { exactNumber } from '../../events/sources/sourceJson.ts';
import type { Caller } from '../http/caller.ts';
import type { Problem } from '../http/problem.ts';
import { linkProblems } from '../intake/linkRules.ts';
import { openingLink } from '../intake/openedByReference.ts';
import type { FactRequest } from './factRequest.ts';
import { type SubjectSought, subjectOf } from './factSubject.ts';
import { type OfferedOn, withOfferedStages } from './offeredStages.ts';
import { observedProblems, thresholdProblems } from './policyRules.ts';
import { withSurvivor } from './survivor.ts';

export type Understood =
  | {
      readonly fact: Fact;
      /** Absent where the fact does not open an engagement by a reference. */
      readonly link?: Fact;
    }
  | { readonly problem: Problem };

export interface PersonSaying {
  readonly request: FactRequest;
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly now: Instant;
  readonly resolve: SubjectSought['resolve'];
  readonly offeredOn: OfferedOn;
}

const refused = (reason: string, detail: string, issues: readonly Issue[]): Understood => ({
  problem: { status: 422, reason, detail, issues },
});

const inData = (path: string): string => ['data', path].filter(Boolean).join('.');

/** Refuses an address in anything that the event would hold, and free text in its data or in the id that it is about. */
const personalData = (
  { request, idempotencyKey }: PersonSaying,
  { data: schema }: EventDefinition,
  data: unknown,
): Understood | undefined => {
  const { engagement, reference, campaign, supersedes } = request;
  const around = { engagement, reference, campaign, supersedes, 'Idempotency-Key': idempotencyKey };
  const address = addressIn({ data, ...around });
  if (address !== undefined) {
    return refused('addressInData', addressRefusal, [{ path: address.join('.'), message: addressRefusal }]);
  }
  const texts = freeTextIn(schema, data).map(({ path, message }) => ({ path: inData(path), message }));
  const ids = Object.entries({ engagement, reference, campaign })
    .filter(([, id]) => id !== undefined && isFreeText(id, 'name'))
    .map(([path]) => ({ path, message: freeTextRefusals.name }));
  const [first] = [...texts, ...ids];
  return first === undefined
    ? undefined
    : refused('freeTextInData', `${first.path}: ${first.message}`, [...texts, ...ids]);
};

/** Refuses a well-formed fact that names unknown thresholds or types, or that links an id out of the tenant. */
const contentProblem = (fact: Fact): Understood => {
  const thresholds = thresholdProblems(fact);
  if (thresholds.length > 0) return refused('thresholdsUnknown', 'no rule has such a threshold', thresholds);
  const observed = observedProblems(fact);
  if (observed.length > 0) return refused('typesUnknown', 'no event is of such a type', observed);
  const links = linkProblems(fact);
  if (links.length > 0) return refused('linkInvalid', 'the id can not be linked to this target', links);
  return { fact };
};

/**
 * Makes the fact of the caller's request. 422 with issues where it is malformed, where its time is not believable, where it holds
 * an address or free text, or where it answers a handoff of unknown stages. 403 where the caller may not say this type. 404 where no engagement has its reference.
 */
export const understand = async (saying: PersonSaying): Promise<Understood> => {
  const { request, caller, idempotencyKey, now, resolve } = saying;
  const { type, supersedes } = request;
  const { tenantId, subject, role } = caller;
  const definition = definitionOf(type);
  if (definition === undefined) {
    return refused('typeUnknown', `there is no event type ${type}`, [
      { path: 'type', message: `unknown event type ${type}` },
    ]);
  }
  if (!definition.saidBy.includes(role)) {
    return { problem: { status: 403, reason: 'notAllowed', detail: `a ${role} may not say ${type}` } };
  }
  const saidBy = { role, ...(caller.partnerId !== undefined && { partyId: caller.partnerId }) };
  const occurredAt = believableTime(request.occurredAt ?? now, { receivedAt: now, saidBy });
  if (occurredAt === undefined) {
    const hours = minutesAhead(saidBy) / 60;
    const ahead = hours < 1 ? `${minutesAhead(saidBy)} minutes` : `${hours} h`;
    return refused('occurredAtNotBelievable', `occurredAt lies before 2000, or more than ${ahead} ahead`, [
      { path: 'occurredAt', message: `${request.occurredAt} is not believable at ${now}` },
    ]);
  }
  const whole = await withOfferedStages({ request, definition, caller, idempotencyKey, resolve }, saying.offeredOn);
  if ('problem' in whole) return whole;
  const parsed = parseSaid({ schema: definition.data, said: whole.data, numberOf: exactNumber });
  if (!parsed.ok) {
    const issues = parsed.issues.map(({ path, message }) => ({ path: inData(path), message }));
    return refused('dataInvalid', `the data does not match the type ${type}`, issues);
  }
  const personal = personalData(saying, definition, parsed.value);
  if (personal !== undefined) return personal;
  const said = withNormalExternalIds(parsed.value);
  const data = await withSurvivor(type, { ...(typeof said === 'object' ? said : undefined) }, { tenantId, resolve });
  const found = await subjectOf({ request, definition, data, caller, idempotencyKey, resolve });
  if ('problem' in found) return found;
  const factId = factIdOf({
    tenantId,
    system: 'people',
    account: subject,
    sourceId: idempotencyKey,
    type,
    // The same key on another stream is another fact, because ids are unique across streams.
    discriminator: found.stream,
  });
  const fact = parseFact({
    eventId: eventIdOf({ factId, data }),
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
    saidBy,
    ...(request.reference !== undefined && { reference: request.reference }),
    ...(supersedes !== undefined && { supersedes }),
    data,
  });
  if (!fact.ok) return refused('factInvalid', 'the fact is not well formed', fact.issues);
  const understood = contentProblem(fact.value);
  return 'fact' in understood && found.opens !== undefined
    ? { ...understood, link: openingLink(understood.fact, found.opens) }
    : understood;
};
