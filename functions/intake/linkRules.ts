// To which streams and external ids may a link lead?
import type { Fact, Issue } from '../../events/catalog.ts';
import { canonicalJson, idTooLong, streamIdOf } from '../../events/identifiers.ts';

const linkable = ['engagement', 'party', 'offer', 'campaign'] as const;

/** A stream to which links of its tenant may lead. */
export interface LinkedStream {
  readonly kind: (typeof linkable)[number];
  readonly id: string;
}

const namedStream = (tenantId: string, stream: string): LinkedStream | undefined => {
  for (const kind of linkable) {
    const begin = streamIdOf(tenantId, kind, '');
    if (stream.startsWith(begin) && stream.length > begin.length) return { kind, id: stream.slice(begin.length) };
  }
  return undefined;
};

/**
 * The stream that a link names; undefined where it is of another tenant, of a kind to which links may not lead, or too long
 * for a stream.
 */
export const linkedStream = (tenantId: string, stream: string): LinkedStream | undefined => {
  const named = namedStream(tenantId, stream);
  return named === undefined || idTooLong(named.kind, named.id) !== undefined ? undefined : named;
};

/** The issues of the survivor of a merge: it is an engagement of the tenant. */
const survivorProblems = (tenantId: string, into: string): readonly Issue[] =>
  linkedStream(tenantId, into)?.kind === 'engagement'
    ? []
    : [{ path: 'data.into', message: `expected ${streamIdOf(tenantId, 'engagement', '<id>')}` }];

/** The issues of an IdentityLinked's target, or of the survivor of a merge; empty for other facts. */
export const linkProblems = ({ type, tenantId, data }: Fact): readonly Issue[] => {
  if (type === 'EngagementMerged') return survivorProblems(tenantId, data.into);
  if (type !== 'IdentityLinked') return [];
  const { external, to } = data;
  if ('external' in to) {
    return canonicalJson(to.external) === canonicalJson(external)
      ? [{ path: 'data.to.external', message: 'the id can not lead to itself' }]
      : [];
  }
  const expected = linkable.map((kind) => streamIdOf(tenantId, kind, '<id>')).join(' or ');
  const named = namedStream(tenantId, to.stream);
  const message = named === undefined ? `expected ${expected}` : idTooLong(named.kind, named.id);
  return message === undefined ? [] : [{ path: 'data.to.stream', message }];
};
