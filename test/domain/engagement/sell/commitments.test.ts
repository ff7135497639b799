// What did proposals promise, and how was it settled?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../domain/engagement/facts.ts';
import { commitmentsOf } from '../../../../domain/engagement/sell/commitments.ts';
import { inFoldOrder } from '../../../../domain/history.ts';
import type { RecordedEvent } from '../../../../events/catalog.ts';
import { recorded } from '../../../support/histories/events.ts';

const proposed = (at: string, ...ids: readonly string[]) =>
  recorded('SolutionProposed', { commitments: ids.map((id) => ({ id, capability: `can-${id}` })) }, { at });
const settled = (at: string, commitmentId: string, how: 'delivered' | 'withdrawn', by?: 'partner') =>
  recorded(
    'CommitmentSettled',
    { commitmentId, how },
    { at, ...(by === undefined ? {} : { saidBy: { role: by, partyId: 'p1' } }) },
  );
const commitments = (...events: readonly RecordedEvent[]) =>
  commitmentsOf(factsOf([...events].sort(inFoldOrder))).map(({ commitmentId, madeBy, settled: by }) => [
    commitmentId,
    madeBy.occurredAt.slice(0, 10),
    by?.data.how,
  ]);

describe('a commitment', () => {
  it('is owed from its first proposal until it is settled', () => {
    expect(commitments(proposed('2026-03-01', 'c1'), proposed('2026-02-01', 'c1', 'c2'))).toEqual([
      ['c1', '2026-02-01', undefined],
      ['c2', '2026-02-01', undefined],
    ]);
    expect(commitments(proposed('2026-02-01', 'c1', 'c2'), settled('2026-04-01', 'c2', 'withdrawn'))).toEqual([
      ['c1', '2026-02-01', undefined],
      ['c2', '2026-02-01', 'withdrawn'],
    ]);
  });

  it("is settled as the vendor or a system says, by a partner's word only where nobody else says so", () => {
    const claim = settled('2026-03-01', 'c1', 'delivered', 'partner');
    expect(commitments(proposed('2026-02-01', 'c1'), claim)).toEqual([['c1', '2026-02-01', 'delivered']]);
    expect(commitments(proposed('2026-02-01', 'c1'), claim, settled('2026-04-01', 'c1', 'withdrawn'))).toEqual([
      ['c1', '2026-02-01', 'withdrawn'],
    ]);
  });

  it('is owed again once delivery finds it outside the scope, or it is promised after it was withdrawn', () => {
    const made = proposed('2026-02-01', 'c1');
    const gap = recorded('DeviationRecorded', { kind: 'scope_gap', commitmentId: 'c1' }, { at: '2026-04-01' });
    const before = settled('2026-03-01', 'c1', 'delivered');
    const owed = [['c1', '2026-02-01', undefined]];
    expect(commitments(made, before, gap)).toEqual(owed);
    expect(commitments(made, before, gap, settled('2026-05-01', 'c1', 'withdrawn'))).toEqual([
      ['c1', '2026-02-01', 'withdrawn'],
    ]);
    const custom = recorded('DeviationRecorded', { kind: 'customisation', commitmentId: 'c1' }, { at: '2026-04-01' });
    expect(commitments(made, before, custom)).toEqual([['c1', '2026-02-01', 'delivered']]);
    const again = proposed('2026-04-01', 'c1');
    expect(commitments(made, settled('2026-03-01', 'c1', 'withdrawn'), again)).toEqual(owed);
    expect(commitments(made, before, again)).toEqual([['c1', '2026-02-01', 'delivered']]);
  });

  it('that nobody promised is none', () => {
    expect(commitments(settled('2026-03-01', 'c9', 'delivered'))).toEqual([]);
  });
});
