// Which rows and columns differ between two dates, and which events does a changed row cite?
import { expect, test } from 'vitest';
import { citedBy, rowChanges } from '../../../domain/changes/rowChanges.ts';

const row = (rowKey: string, cells: object = {}) => ({ rowKey, stage: 'sell', lastEventId: 'a', ...cells });

test('a row is added, removed, changed in some columns, or the same', () => {
  const from = [row('1'), row('2'), row('3', { evidence: [{ eventId: 'x', says: 'y' }] })];
  const to = [row('2', { stage: 'procure' }), row('3', { evidence: [{ says: 'y', eventId: 'x' }] }), row('4')];
  expect(rowChanges(from, to)).toEqual([
    { rowKey: '1', change: 'removed', columns: {}, row: row('1') },
    {
      rowKey: '2',
      change: 'changed',
      columns: { stage: { from: 'sell', to: 'procure' } },
      row: row('2', { stage: 'procure' }),
    },
    { rowKey: '4', change: 'added', columns: {}, row: row('4') },
  ]);
});

test('a row that differs only in what it was computed by is the same', () => {
  const later = row('1', { lastEventId: 'b', policyVersion: 2, nextDueAt: 'z', dueShard: '01' });
  expect(rowChanges([row('1')], [later])).toEqual([]);
});

test('a column that one side lacks is null there', () => {
  const [change] = rowChanges([row('1')], [row('1', { clearedAt: 'x' })]);
  expect(change?.columns).toEqual({ clearedAt: { from: null, to: 'x' } });
});

test('a changed row cites the events that its columns name, before or after', () => {
  const [change] = rowChanges(
    [row('1', { clearedByEvent: 'gone' })],
    [row('1', { evidence: [{ eventId: 'new' }], clearedByEvent: null })],
  );
  expect(change === undefined ? [] : citedBy(change, ['gone', 'new', 'other'])).toEqual(['gone', 'new']);
});
