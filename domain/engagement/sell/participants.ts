// Who takes part in an engagement, and who answers for what, at which time?
import type { RecordedOf } from '../../../events/catalog.ts';
import type { Responsibility } from '../../../events/fields.ts';
import type { Instant } from '../../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../../claims.ts';
import type { Facts } from '../facts.ts';

type Joined = RecordedOf<'ParticipantJoined'>;

/** The party that a reference means, as a key: two references of one party have one key. */
export type PartyKey = (org: Joined['data']['org']) => string;

/** What an organisation answers for, from one instant up to another, exclusive. */
export interface Participation {
  readonly party: string;
  /** When it is said to begin, but not before it was said: nobody answered for what nobody had said yet. */
  readonly from: Instant;
  /** Undefined: until something else is said. */
  readonly until: Instant | undefined;
  readonly responsibilities: readonly Responsibility[];
  readonly event: Joined;
  /** The fact that ends it: its own, by its `until`, or a later one of the same party. */
  readonly endedBy: Joined;
}

/** When a participation is said to begin. */
export const joinedFrom = ({ data, occurredAt }: Joined): Instant => data.from ?? occurredAt;

const countsFrom = (event: Joined): Instant => {
  const from = joinedFrom(event);
  return from > event.occurredAt ? from : event.occurredAt;
};

/** Whether it ends after it begins: one that does not says nothing. */
const isNotEmpty = (event: Joined): boolean => event.data.until === undefined || joinedFrom(event) < event.data.until;

const cut = (before: Participation, by: { readonly at: Instant; readonly event: Joined }): Participation =>
  before.until !== undefined && before.until <= by.at ? before : { ...before, until: by.at, endedBy: by.event };

/** The spans of one party, in order of time. What is said later replaces, from its own beginning on, what was said before. */
const spansOf = (party: string, said: readonly Joined[]): readonly Participation[] => {
  const spans: Participation[] = [];
  for (const event of said.filter(isNotEmpty)) {
    const from = countsFrom(event);
    while ((spans.at(-1)?.from ?? '') >= from) spans.pop();
    const before = spans.pop();
    if (before !== undefined) spans.push(cut(before, { at: from, event }));
    const { until, responsibilities } = event.data;
    if (until === undefined || from < until)
      spans.push({ party, from, until, responsibilities, event, endedBy: event });
  }
  return spans;
};

/**
 * Every participation, by its beginning. Of each party the vendor's and systems' words count; a partner's unconfirmed claim
 * counts where nobody else says anything of that party.
 */
export const participationsOf = (facts: Pick<Facts, 'of' | 'events'>, partyKey: PartyKey): readonly Participation[] => {
  const isUnconfirmed = unconfirmedIn(facts.events);
  return [...Map.groupBy(facts.of('ParticipantJoined'), ({ data }) => partyKey(data.org))]
    .flatMap(([party, said]) => spansOf(party, wordsFirst(said, isUnconfirmed)))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.party < b.party ? -1 : 1));
};

export interface Responsibilities {
  /** The first fact that declares any; undefined while nobody declared one. */
  readonly declaredBy: Joined | undefined;
  /** The participations that hold a responsibility, by their beginning. */
  of(responsibility: Responsibility): readonly Participation[];
}

/** The declared responsibilities of an engagement. */
export const responsibilitiesOf = (facts: Pick<Facts, 'of' | 'events'>, partyKey: PartyKey): Responsibilities => {
  const holding = new Map<Responsibility, Participation[]>();
  for (const participation of participationsOf(facts, partyKey)) {
    for (const responsibility of new Set(participation.responsibilities)) {
      const known = holding.get(responsibility);
      if (known === undefined) holding.set(responsibility, [participation]);
      else known.push(participation);
    }
  }
  return {
    declaredBy: facts.of('ParticipantJoined').find(({ data }) => data.responsibilities.length > 0),
    of: (responsibility) => holding.get(responsibility) ?? [],
  };
};

/** Who answers for something at an instant, of some participations. */
export const responsibleAt = (
  participations: readonly Participation[],
  responsibility: Responsibility,
  at: Instant,
): readonly Participation[] =>
  participations.filter(
    ({ from, until, responsibilities }) =>
      responsibilities.includes(responsibility) && from <= at && (until === undefined || at < until),
  );

/** When responsibilities begin and end: they may change then without a new fact. */
export const participationTurns = (facts: Facts): readonly Instant[] =>
  facts.of('ParticipantJoined').flatMap((event) => [joinedFrom(event), event.data.until ?? []].flat());

export type InvitationState = 'open' | 'joined' | 'declined' | 'expired';

/** An invitation, and what became of it. */
export interface Invitation {
  readonly invitationId: string;
  readonly event: RecordedOf<'ParticipantInvited'>;
  /** The first answer; further ones are deviations. */
  readonly answer: RecordedOf<'ParticipantJoined' | 'ParticipantDeclined'> | undefined;
  /** Its state after all facts: an invitation that runs out without a fact stays open. */
  readonly state: InvitationState;
}

const stateBy = (answer: Invitation['answer']): InvitationState => {
  if (answer === undefined) return 'open';
  return answer.type === 'ParticipantJoined' ? 'joined' : answer.data.reason;
};

/** The answers to invitations, by the id of the invitation, in fold order. */
export const answersToInvitations = (
  facts: Facts,
): ReadonlyMap<string, readonly RecordedOf<'ParticipantJoined' | 'ParticipantDeclined'>[]> => {
  const answers = new Map<string, RecordedOf<'ParticipantJoined' | 'ParticipantDeclined'>[]>();
  for (const event of facts.events) {
    if (event.type !== 'ParticipantJoined' && event.type !== 'ParticipantDeclined') continue;
    const { invitationId } = event.data;
    if (invitationId === undefined) continue;
    const known = answers.get(invitationId);
    if (known === undefined) answers.set(invitationId, [event]);
    else known.push(event);
  }
  return answers;
};

/** Every invitation, in fold order; of several with one id the last holds. */
export const invitationsOf = (facts: Facts): readonly Invitation[] => {
  const answers = answersToInvitations(facts);
  return [...new Map(facts.of('ParticipantInvited').map((event) => [event.data.invitationId, event]))].map(
    ([invitationId, event]) => {
      const answer = answers.get(invitationId)?.[0];
      return { invitationId, event, answer, state: stateBy(answer) };
    },
  );
};
