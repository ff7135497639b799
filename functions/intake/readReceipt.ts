// Which facts does a receipt say, before their streams are known?
import type { Fact } from '../../events/catalog.ts';
import { sourceOf } from '../../events/sources/catalog.ts';
import type { Connection, SourceFact } from '../../events/sources/source.ts';
import { type Draft, draftOf } from './factDraft.ts';
import type { Receipt } from './receipt.ts';
import type { Ending } from './receiptEndings.ts';
import { claimsOf, isReferenceLink, type ReferenceClaim } from './referenceClaim.ts';

/** A receipt that says facts. */
export interface Understood {
  readonly outcome: 'facts';
  readonly receipt: Receipt;
  readonly connection: Connection;
  readonly drafts: readonly Draft[];
  readonly claims: readonly ReferenceClaim[];
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
): { readonly drafts: readonly Draft[] } | { readonly refused: Ending } => {
  const drafts: Draft[] = [];
  for (const said of facts) {
    const drafted = draftOf(said, receipt, connection);
    if (!drafted.ok) return { refused: { status: 'refused', reason: drafted.reason, issues: drafted.issues } };
    drafts.push(drafted.draft);
  }
  return { drafts };
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
    case 'facts': {
      const { facts } = translation;
      const forbidden = facts.filter(
        ({ type, derived }) => derived !== true && !connection.allowedTypes.includes(type),
      );
      if (forbidden.length > 0) {
        return waits(
          `notAllowed: the connection may not say ${[...new Set(forbidden.map(({ type }) => type))].join(', ')}`,
        );
      }
      const drafted = draftsOf(
        facts.filter((fact) => !isReferenceLink(fact)),
        receipt,
        connection,
      );
      if ('refused' in drafted) return { outcome: 'ends', receipt, ending: drafted.refused };
      return { outcome: 'facts', receipt, connection, drafts: drafted.drafts, claims: claimsOf(facts) };
    }
    default:
      return translation satisfies never;
  }
};

/** The links among the drafts. They need no other link themselves, and the other facts may need them. */
export const linksAmong = (drafts: readonly Draft[]): readonly Extract<Fact, { readonly type: 'IdentityLinked' }>[] =>
  drafts.flatMap(({ fact }) => (fact.type === 'IdentityLinked' ? [fact] : []));
