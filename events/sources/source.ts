// What must the file of a source define?
import type * as z from 'zod';
import { type EventType, type Issue, issuesOf } from '../catalog.ts';
import { Reference } from '../envelope.ts';
import type { ExternalId } from '../identifiers.ts';
import { holdsAddress } from '../personalData.ts';
import { defaultTypesOf } from './defaultTypes.ts';
import type { Delivery, Message } from './delivery.ts';

/** How to read a connection's messages. Every change raises `version`, and facts carry it as `translation`. */
export interface Mapping {
  readonly version: number;
}

/** One connection: an account of an outside system that a tenant has connected. */
export interface Connection {
  readonly connection: string;
  /** The source's name in the catalog of sources. */
  readonly source: string;
  readonly tenantId: string;
  /** The account within the system: a Salesforce org, a Stripe account, a sender's own name. */
  readonly account: string;
  /** The currency (ISO 4217) of amounts whose object never names one. Translate puts it beside the fact. */
  readonly currency?: string;
  /** Whether its test data (Stripe's `livemode: false`) counts too. */
  readonly testData?: true;
  /** The party id of the partner to which it is bound: it speaks on that partner's behalf. Absent: it is bound to none. */
  readonly partner?: string;
  /** The hours within which it is heard at least once, as whoever connected it declares; absent: its silence says nothing. */
  readonly rhythmHours?: number;
  /**
   * The types that this connection may say. Facts that the adapter derives (`SourceFact.derived`) need not be listed.
   */
  readonly allowedTypes: readonly EventType[];
  readonly mapping: Mapping;
}

/**
 * What a fact is about. A primary id has an engagement of its own, unless a link says otherwise. Facts about a
 * secondary id wait until the id is linked. A party has a stream of its own, unless it is linked.
 */
export type Subject =
  | { readonly stream: string }
  | { readonly primary: ExternalId }
  | { readonly secondary: ExternalId }
  | { readonly party: ExternalId };

/** A fact that a message says, in the catalog's words, before its subject is resolved. */
export interface SourceFact {
  readonly type: EventType;
  /** The catalog parses it when the fact is made. */
  readonly data: unknown;
  /** The time that the source claims: an instant, or the source's own text if that is no time. */
  readonly occurredAt: string;
  readonly sourceId: string;
  readonly discriminator?: string;
  readonly sourceSeq?: string;
  /** The object's state before and after, for sources that don't order the events of one instant. */
  readonly sourceState?: { readonly of: string; readonly was?: string; readonly is: string };
  readonly subject: Subject;
  /** The reference that people chose, if the message carries one beside a primary id. Translate links it. */
  readonly reference?: ExternalId;
  /**
   * The adapter concluded the fact (a link, a need to read again) and the sender did not say it. The connection needs
   * no permission for it.
   */
  readonly derived?: true;
  /** The path of the event or record that says it, where a message holds several; each of them ends by itself. */
  readonly part?: string;
}

/** An event or record of a message with several that did not become facts. */
export interface Part {
  /** Its path in the message, such as `1` or `recordIds.1`. */
  readonly path: string;
  readonly outcome: 'ignored' | 'refused';
  readonly reason: string;
  /** Their paths begin at the message. */
  readonly issues: readonly Issue[];
}

export type Translation =
  | {
      readonly outcome: 'facts';
      /** Empty only where `parts` holds all that the message says. */
      readonly facts: readonly SourceFact[];
      /** What of the message did not become facts. */
      readonly parts?: readonly Part[];
    }
  | { readonly outcome: 'ignored'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string; readonly issues: readonly Issue[] };

/**
 * The account that somebody named, in the one spelling in which we store and compare it; or the form that an account
 * must have.
 */
export type Account =
  | { readonly ok: true; readonly account: string | undefined }
  | { readonly ok: false; readonly expected: string };

/**
 * One outside system. A fact's `source` is `name:account` (`name` alone if its facts don't depend on the account); a
 * fact's id is made of `name` and `account`, among others.
 */
export interface Source<D extends Delivery = Delivery> {
  readonly name: string;
  /** The name that people know it by. */
  readonly title: string;
  /** Whether the system is a CRM: by default only a CRM may open and close deals. */
  readonly isCrm: boolean;
  /** The system's own word for an account, such as `org`. */
  readonly accountIs: string;
  /**
   * What stands for the account in the facts of a system whose ids are unique over all its accounts: its facts are the
   * same, whatever connection they come by. Absent: the connection's account.
   */
  readonly factAccount?: string;
  /** Reads the account that somebody named; `text` is undefined if nobody named one. */
  accountOf(text: string | undefined): Account;
  readonly delivery: D;
  /** Whether the account's messages say which data is only test data. A connection may then let it count. */
  readonly marksTestData?: true;
  /** The types that a connection may say if nobody lists them. */
  readonly defaultTypes: readonly EventType[];
  /** Parses a connection's mapping; every field has a default. */
  readonly mapping: z.ZodType<Mapping>;
  /** The facts that the message says. It answers any text and never throws. */
  translate(message: Message, connection: Connection): Translation;
}

/** What a translation needs; the mapping is parsed. */
export interface Translating<M extends Mapping> {
  readonly message: Message;
  readonly connection: Connection;
  readonly mapping: M;
}

interface Definition<M extends Mapping, D extends Delivery>
  extends Omit<Source<D>, 'translate' | 'mapping' | 'defaultTypes'> {
  /**
   * The types that the source's messages may say. Facts that the adapter derives (`SourceFact.derived`) need not be
   * listed.
   */
  readonly says: readonly EventType[];
  /** Builds the schema, when the first connection's mapping is parsed. */
  readonly mapping: () => z.ZodType<M>;
  translate(input: Translating<M>): Translation;
}

/** For systems whose accounts have no fixed form: any text but an address, which every event would hold, names one; it may be left out. */
export const anyAccount = (text: string | undefined): Account =>
  holdsAddress(text ?? '') ? { ok: false, expected: 'NAME, which is no e-mail address' } : { ok: true, account: text };

/** A refusal with one issue: what is wrong, and where. */
export const refused = (reason: string, path: string, message: string): Translation => ({
  outcome: 'refused',
  reason,
  issues: [{ path, message }],
});

/** The facts, or the reason why the message is ignored if it says none. */
export const factsOr = (reason: string, facts: readonly SourceFact[]): Translation =>
  facts.length > 0 ? { outcome: 'facts', facts } : { outcome: 'ignored', reason };

const externalOf = (subject: Subject): ExternalId | undefined => {
  if ('primary' in subject) return subject.primary;
  if ('secondary' in subject) return subject.secondary;
  return 'party' in subject ? subject.party : undefined;
};

/** The issues of an id that is empty or too long, because ids become keys of tables. */
const idIssues = ({ subject, reference }: SourceFact): readonly Issue[] => {
  for (const external of [externalOf(subject), reference]) {
    const parsed = external === undefined ? undefined : Reference.safeParse(external);
    if (parsed?.success === false) return issuesOf(parsed.error, external);
  }
  return [];
};

/** Refuses an event by name where one of its ids can't be used; the other events of the message stay. */
const withSoundIds = (translation: Translation): Translation => {
  if (translation.outcome !== 'facts') return translation;
  const unsound = new Map<string | undefined, readonly Issue[]>();
  for (const fact of translation.facts) {
    const issues = idIssues(fact);
    if (issues.length > 0 && !unsound.has(fact.part)) unsound.set(fact.part, issues);
  }
  if (unsound.size === 0) return translation;
  const whole = unsound.get(undefined);
  if (whole !== undefined) return { outcome: 'refused', reason: 'subjectIdUnusable', issues: whole };
  const refusals = [...unsound].map(([path = '', issues]): Part => {
    const inMessage = issues.map((issue) => ({ path: `${path}.${issue.path}`, message: issue.message }));
    return { path, outcome: 'refused', reason: 'subjectIdUnusable', issues: inMessage };
  });
  return {
    outcome: 'facts',
    facts: translation.facts.filter(({ part }) => !unsound.has(part)),
    parts: [...(translation.parts ?? []), ...refusals],
  };
};

/**
 * Makes a source from its definition. It parses a connection's mapping before the first translation, and checks the ids
 * after each.
 */
export const defineSource = <M extends Mapping, D extends Delivery>({
  says,
  mapping,
  ...definition
}: Definition<M, D>): Source<D> => {
  let built: z.ZodType<M> | undefined;
  const schema = (): z.ZodType<M> => {
    built ??= mapping();
    return built;
  };
  const parsed = new WeakMap<Mapping, z.ZodSafeParseResult<M>>();
  const parse = (mapping: Mapping) => {
    const known = parsed.get(mapping) ?? schema().safeParse(mapping);
    parsed.set(mapping, known);
    return known;
  };
  return {
    ...definition,
    get mapping() {
      return schema();
    },
    defaultTypes: defaultTypesOf({ says, isCrm: definition.isCrm }),
    translate: (message, connection) => {
      const mapping = parse(connection.mapping);
      return mapping.success
        ? withSoundIds(definition.translate({ message, connection, mapping: mapping.data }))
        : { outcome: 'refused', reason: 'mappingInvalid', issues: issuesOf(mapping.error, connection.mapping) };
    },
  };
};
