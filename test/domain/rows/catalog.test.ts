// Does the catalog name each table once, with its columns and indexes described and consistent?
import { describe, expect, it } from 'vitest';
import { tableNames, tables } from '../../../domain/rows/catalog.ts';
import { rowKeyOf } from '../../../domain/rows/row.ts';
import { declaredAudience } from '../../../events/audience.ts';

describe('the catalog', () => {
  it('lists every table, in order', () => {
    expect(tables.map(({ name }) => name)).toEqual([...tableNames]);
  });

  it.each(tables.map((table) => [table.name, table] as const))(
    '%s describes itself and each column, and indexes its own',
    (_, table) => {
      const columns = Object.entries(table.columns.shape);
      expect(table.describes).toMatch(/\.$/);
      for (const [name, column] of columns) expect(column.description, name).toMatch(/\.$/);
      const undeclared = columns.filter(([, column]) => declaredAudience(column) === undefined).map(([name]) => name);
      expect(undeclared, 'say who sees them: forEveryone, forParties, forVendor').toEqual([]);
      const names = columns.map(([name]) => name);
      expect(names).toEqual(expect.arrayContaining(['leadPartnerId', 'lastEventId', 'policyVersion']));
      for (const { columns: indexed, sort } of table.indexes) {
        expect(names).toEqual(expect.arrayContaining([...indexed, ...(sort === undefined ? [] : [sort])]));
      }
      expect(table.indexes[0]).toEqual({ name: 'byLeadPartner', columns: ['leadPartnerId'] });
    },
  );
});

describe("a row's key", () => {
  it('joins its parts so that two lists of parts never have one key', () => {
    expect(rowKeyOf('e1', 'a', 'b')).toBe('e1#a#b');
    expect(rowKeyOf('e1', 'a#b')).toBe('e1#a%23b');
    expect(rowKeyOf('e1', 'a%23b')).toBe('e1#a%2523b');
  });

  it('keeps a long part short', () => {
    const [one, other] = ['x', 'y'].map((end) => rowKeyOf('e1', `${'a'.repeat(300)}${end}`));
    expect(one?.length).toBeLessThan(45);
    expect(one).not.toBe(other);
  });

  it.each(['a', '#', '%', 'ø', '語', '🚀'])(
    'stays within 1,024 bytes, whatever signs its parts are made of: %s',
    (sign) => {
      const [owner, part] = ['e'.repeat(512), sign.repeat(256)];
      expect(Buffer.byteLength(rowKeyOf(owner, part, part, part))).toBeLessThanOrEqual(1024);
    },
  );
});
