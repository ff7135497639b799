// What must a source's file say? What it is, how its messages come, and which facts each of them means.
import type * as z from 'zod';
import { type EventType, type Issue, issuesOf } from '../catalog.ts';
import { Reference } from '../envelope.ts';
import type { ExternalId } from '../identifiers.ts';
import { defaultTypesOf } from './defaultTypes.ts';
import type { Delivery, Message } from './delivery.ts';

/** How a connection's messages are to be read; `version` is raised with every change and goes into the facts as `translation`. */
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
  /** ISO 4217: what amounts are in where no message of the object names a currency; translate puts it beside the fact. */
  readonly currency?: string;
  /** The effective list of the types that this connection may say; what an adapter derives (`SourceFact.derived`) needs no place in it. */
  readonly allowedTypes: readonly EventType[];
  readonly mapping: Mapping;
}

/**
 * Where a fact belongs. A primary id has its own engagement unless a link says otherwise; facts of a secondary id wait until
 * one is linked; a party has its own stream unless linked (decisions 9 and 11).
 */
export type Subject =
  | { readonly stream: string }
  | { readonly primary: ExternalId }
  | { readonly secondary: ExternalId }
  | { readonly party: ExternalId };

/** What a message says, in the catalog's words, before its subject is resolved. */
export interface SourceFact {
  readonly type: EventType;
  /** Parsed by the catalog when the fact is made. */
  readonly data: unknown;
  /** As claimed: an instant, or the source's own text where that is no time. */
  readonly occurredAt: string;
  readonly sourceId: string;
  readonly discriminator?: string;
  readonly sourceSeq?: string;
  readonly subject: Subject;
  /** The reference that people chose and that the message carries beside a primary id: translate links it. */
  readonly reference?: ExternalId;
  /** Concluded by the adapter (a link, a need to read again), not said by the sender: the connection need not be allowed it. */
  readonly derived?: true;
}

export type Translation =
  | { readonly outcome: 'facts'; readonly facts: readonly SourceFact[] }
  | { readonly outcome: 'ignored'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string; readonly issues: readonly Issue[] };

/** The account that somebody names within the system, in the one spelling in which it is stored and compared; or what an account looks like. */
export type Account =
  | { readonly ok: true; readonly account: string | undefined }
  | { readonly ok: false; readonly expected: string };

/** One outside system. Its ids take the form `name:account` in facts (`source`), `name` and `account` in fact ids. */
export interface Source<D extends Delivery = Delivery> {
  readonly name: string;
  /** The name that people know it by. */
  readonly title: string;
  /** A CRM holds deals: by default only it opens and closes them (decision 19). */
  readonly isCrm: boolean;
  /** What a connection's account is: `org`. */
  readonly accountIs: string;
  /** Reads the account that somebody names; undefined where nobody names one. */
  accountOf(text: string | undefined): Account;
  readonly delivery: D;
  /** What a connection may say where nobody lists it. */
  readonly defaultTypes: readonly EventType[];
  /** Parses a connection's mapping; every field has a default. */
  readonly mapping: z.ZodType<Mapping>;
  /** What the message says. Total: whatever the text, it answers. */
  translate(message: Message, connection: Connection): Translation;
}

/** What a translation works on: the mapping is parsed. */
export interface Translating<M extends Mapping> {
  readonly message: Message;
  readonly connection: Connection;
  readonly mapping: M;
}

interface Definition<M extends Mapping, D extends Delivery>
  extends Omit<Source<D>, 'translate' | 'mapping' | 'defaultTypes'> {
  /** The types that its messages may say; what the adapter derives (`SourceFact.derived`) needs no place here. */
  readonly says: readonly EventType[];
  readonly mapping: z.ZodType<M>;
  translate(input: Translating<M>): Translation;
}

/** Of a system whose accounts have no form of their own: any text names one, and none needs to be named. */
export const anyAccount = (text: string | undefined): Account => ({ ok: true, account: text });

/** A refusal that names one thing which is wrong, and where. */
export const refused = (reason: string, path: string, message: string): Translation => ({
  outcome: 'refused',
  reason,
  issues: [{ path, message }],
});

/** Facts, or, where a message says none, why it is ignored. */
export const factsOr = (reason: string, facts: readonly SourceFact[]): Translation =>
  facts.length > 0 ? { outcome: 'facts', facts } : { outcome: 'ignored', reason };

const externalOf = (subject: Subject): ExternalId | undefined => {
  if ('primary' in subject) return subject.primary;
  if ('secondary' in subject) return subject.secondary;
  return 'party' in subject ? subject.party : undefined;
};

/** Ids become keys of tables: one that is empty or too long is refused here, by name. */
const withSoundIds = (translation: Translation): Translation => {
  if (translation.outcome !== 'facts') return translation;
  for (const fact of translation.facts) {
    for (const external of [externalOf(fact.subject), fact.reference]) {
      const parsed = external === undefined ? undefined : Reference.safeParse(external);
      if (parsed?.success === false)
        return { outcome: 'refused', reason: 'subjectIdUnusable', issues: issuesOf(parsed.error) };
    }
  }
  return translation;
};

/** A source from its definition: parses a connection's mapping before its first translation, and checks the ids after each. */
export const defineSource = <M extends Mapping, D extends Delivery>({
  says,
  ...definition
}: Definition<M, D>): Source<D> => {
  const parsed = new WeakMap<Mapping, z.ZodSafeParseResult<M>>();
  const parse = (mapping: Mapping) => {
    const known = parsed.get(mapping) ?? definition.mapping.safeParse(mapping);
    parsed.set(mapping, known);
    return known;
  };
  return {
    ...definition,
    defaultTypes: defaultTypesOf({ says, isCrm: definition.isCrm }),
    translate: (message, connection) => {
      const mapping = parse(connection.mapping);
      return mapping.success
        ? withSoundIds(definition.translate({ message, connection, mapping: mapping.data }))
        : { outcome: 'refused', reason: 'mappingInvalid', issues: issuesOf(mapping.error) };
    },
  };
};
