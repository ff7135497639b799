// Does the catalog name each table once, with its columns and indexes described and consistent?
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { askedTables, tableNames, tables } from '../../../domain/rows/catalog.ts';
import { rowKeyOf } from '../../../domain/rows/row.ts';
import { audienceOf, declaredAudience } from '../../../events/audience.ts';
import { type Fields, fieldsIn } from '../../../events/fieldsIn.ts';

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

describe('who sees a column', () => {
  const each = askedTables.map((table) => [table.name, table] as const);

  it.each(each)('%s declares it for the fields of inner objects too', (_, { columns }) => {
    const inside = (fields: Fields): readonly string[] =>
      [...fields.values()].flatMap(({ within }) =>
        within === undefined
          ? []
          : [...inside(within), ...[...within].flatMap(([name, { declares }]) => (declares ? [] : [name]))],
      );
    expect(inside(fieldsIn(columns))).toEqual([]);
  });

  it.each(each)('%s shows no amount of money and no ratio of amounts to everyone', (_, { columns }) => {
    const names = (fields: Fields): readonly string[] =>
      [...fields].flatMap(([name, { audience, within }]) => [
        ...(audience.kind === 'everyone' && /Minor$|^nrr|^grr/.test(name) && !name.endsWith('rrN') ? [name] : []),
        ...(within === undefined || audience.kind !== 'everyone' ? [] : names(within)),
      ]);
    expect(names(fieldsIn(columns))).toEqual([]);
  });

  it.each(each)(
    '%s names, for its commercial columns, the event that they come from and who may see them',
    (_, table) => {
      const shape: Readonly<Record<string, z.core.$ZodType>> = table.columns.shape;
      for (const [name, column] of Object.entries(shape)) {
        const audience = audienceOf(column);
        if (audience.kind === 'parties')
          expect(Object.keys(shape), name).toEqual(expect.arrayContaining([...audience.namedBy]));
        if (audience.kind !== 'commercial') continue;
        const { seenBy, from, reason } = audience;
        const seers = shape[seenBy];
        expect(seers === undefined ? undefined : audienceOf(seers), name).toEqual({ kind: 'vendor' });
        const beside = [from, reason].filter((other) => other !== undefined);
        expect(Object.keys(shape), name).toEqual(expect.arrayContaining(beside));
      }
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
