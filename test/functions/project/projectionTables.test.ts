// Does a function find its tables, by variables of their own or by one for all?
import { expect, test } from 'vitest';
import { readProjectionTables } from '../../../functions/project/projectionTables.ts';

test('a table has a variable of its own, and a missing one is named', () => {
  const tableOf = readProjectionTables(['stage_history'], { TABLE_STAGE_HISTORY: 'Stack-History' });
  expect(tableOf('stage_history')).toBe('Stack-History');
  expect(() => tableOf('flags')).toThrow('names no table flags');
  expect(() => readProjectionTables(['flags'], {})).toThrow('TABLE_FLAGS');
});

test('all tables may share one variable, in which each name may leave out its beginning', () => {
  const environment = { TABLES: 'flags=~RowsFlags-1,usage=Usage', TABLES_BEGIN: 'Stack-' };
  const tableOf = readProjectionTables(['flags', 'usage'], environment);
  expect([tableOf('flags'), tableOf('usage')]).toEqual(['Stack-RowsFlags-1', 'Usage']);
  expect(() => readProjectionTables(['flags', 'work'], environment)).toThrow('lacks work');
});
