// May a person lead an external id there? To an engagement or a party of the same tenant, or to another external id.
import type { Fact, Issue } from '../../events/catalog.ts';
import { canonicalJson, streamIdOf } from '../../events/identifiers.ts';

const linkable = ['engagement', 'party'] as const;

/** What is wrong with an IdentityLinked's target; nothing for other facts. */
export const linkProblems = ({ type, tenantId, data }: Fact): readonly Issue[] => {
  if (type !== 'IdentityLinked') return [];
  const { external, to } = data;
  if ('external' in to) {
    return canonicalJson(to.external) === canonicalJson(external)
      ? [{ path: 'data.to.external', message: 'the id can not lead to itself' }]
      : [];
  }
  const begins = linkable.map((kind) => streamIdOf(tenantId, kind, ''));
  return begins.some((begin) => to.stream.startsWith(begin) && to.stream.length > begin.length)
    ? []
    : [{ path: 'data.to.stream', message: `expected ${begins.map((begin) => `${begin}<id>`).join(' or ')}` }];
};
