// Which facts does a receipt say, before their streams are known?
import type { Fact } from '../../events/catalog.ts';
import { sourceOf } from '../../events/sources/catalog.ts';
import type { Connection, SourceFact, Translation } from '../../events/sources/source.ts';
import { textIssues } from '../../events/unicodeText.ts';
import type { Receipt } from '../receipts/receipt.ts';
import type { Ending } from '../receipts/receiptEndings.ts';
import { type Draft, type Drafted, draftOf } from './factDraft.ts';
import type { PartEnding } from './partEndings.ts';
import { claimsOf, isReferenceLink, type ReferenceClaim } from './referenceClaim.ts';

/** A receipt that says facts. */
export interface Understood {
  readonly outcome: 'facts';
  readonly receipt: Receipt;
  readonly connection: Connection;
  readonly drafts: readonly Draft[];
  readonly claims: readonly ReferenceClaim[];
  /** The parts of the message that say no facts, or that the connection may not say. */
  readonly parts: readonly PartEnding[];
}

export type Read =
  | Understood
  | { readonly outcome: 'ends'; readonly receipt: Receipt; readonly ending: Ending }
  | { readonly outcome: 'waits'; readonly receipt: Receipt; readonly reason: string };

/** The drafts of all facts, or the first refusal. */
export const draftsOf = (
  facts: readonly SourceFact[],
  receipt: Receipt,
  connection: Connection,
): { readonly drafts: readonly Draft[] } | { readonly refused: Extract<Drafted, { readonly ok: false }> } => {
  const drafts: Draft[] = [];
  for (const said of facts) {
    const drafted = draftOf(said, receipt, connection);
    if (!drafted.ok) return { refused: drafted };
    drafts.push(drafted.draft);
  }
  return { drafts };
};

/** The path of a fact's part; empty where the message is one part. */
export const partOf = ({ part = '' }: Pick<SourceFact, 'part'>): string => part;

const inPart = (part: string, path: string): string => (part === '' ? path : `${part}.${path}`);

/** Reads the facts by part: the facts of one event end together, and affect no other event of the message. */
const readParts = (
  translation: Extract<Translation, { outcome: 'facts' }>,
  receipt: Receipt,
  connection: Connection,
) => {
  const drafts: Draft[] = [];
  const understood: SourceFact[] = [];
  const parts: PartEnding[] = (translation.parts ?? []).map(({ outcome, ...part }) => ({ ...part, status: outcome }));
  for (const [path, facts] of Map.groupBy(translation.facts, partOf)) {
    const forbidden = facts.filter(({ type, derived }) => derived !== true && !connection.allowedTypes.includes(type));
    const types = [...new Set(forbidden.map(({ type }) => type))].join(', ');
    if (types !== '') {
      parts.push({ path, status: 'waiting', reason: `notAllowed: the connection may not say ${types}` });
      continue;
    }
    const [links, ownFacts] = [facts.filter(isReferenceLink), facts.filter((fact) => !isReferenceLink(fact))];
    // A link of a reference is drafted once its claim is decided; what it says must be text that a link can hold.
    const broken = links.flatMap(({ type, data }) => textIssues({ [type]: data }));
    const drafted = draftsOf(ownFacts, receipt, connection);
    if ('refused' in drafted || broken.length > 0) {
      const { reason, issues } =
        'refused' in drafted ? drafted.refused : { reason: 'notUnicode: IdentityLinked', issues: broken };
      const inMessage = issues.map((issue) => ({ path: inPart(path, issue.path), message: issue.message }));
      parts.push({ path, status: 'refused', reason, issues: inMessage });
    } else {
      const inMessage = (keys: readonly string[]) => keys.map((key) => inPart(path, `data.${key}`));
      const named = ({ unknownKeys, freeTexts }: Draft) => ({
        ...{ unknownKeys: inMessage(unknownKeys), freeTexts: inMessage(freeTexts) },
      });
      drafts.push(...drafted.drafts.map((draft) => ({ ...draft, ...named(draft) })));
      understood.push(...facts);
    }
  }
  return { drafts, claims: claimsOf(understood), parts };
};

/** Reads a receipt with its connection's source: facts, an ending, or a reason to wait. It waits for what the tenant can correct. */
export const readReceipt = (receipt: Receipt, connection: Connection | undefined): Read => {
  const waits = (reason: string): Read => ({ outcome: 'waits', receipt, reason });
  const source = connection === undefined ? undefined : sourceOf(connection.source);
  if (connection === undefined || source === undefined || connection.tenantId !== receipt.tenantId) {
    return waits(`connectionUnknown: there is no connection ${receipt.connectionId} of ${receipt.tenantId} any more`);
  }
  const translation = source.translate(receipt.message, connection);
  switch (translation.outcome) {
    case 'ignored':
      return { outcome: 'ends', receipt, ending: { status: 'ignored', reason: translation.reason } };
    case 'refused': {
      const { reason, issues } = translation;
      if (reason !== 'mappingInvalid')
        return { outcome: 'ends', receipt, ending: { status: 'refused', reason, issues } };
      return waits(`mappingInvalid: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
    }
    case 'facts':
      return { outcome: 'facts', receipt, connection, ...readParts(translation, receipt, connection) };
    default:
      return translation satisfies never;
  }
};

/** The links among the drafts. They need no other link themselves, and the other facts may need them. */
export const linksAmong = (drafts: readonly Draft[]): readonly Extract<Fact, { readonly type: 'IdentityLinked' }>[] =>
  drafts.flatMap(({ fact }) => (fact.type === 'IdentityLinked' ? [fact] : []));
