// Does the summary's table show the flags of any pattern, each in a column under the pattern's name?
import { expect, it } from 'vitest';
import { flagTable } from '../../../../infra/commands/start/flagTable.ts';

const flag = (rule: string, pattern: string, status: 'open' | 'cleared' = 'open') => ({
  ...{ flagId: '', title: '', engagementId: '', severity: '', raisedAt: '', clearsWhen: '', nextStep: '' },
  ...{ rule, pattern, status, leadPartnerId: 'oakline', evidence: [] },
});

const table = (...flags: readonly ReturnType<typeof flag>[]): readonly string[] =>
  flagTable({ flags, partnerOf: () => 'Oakline Systems', partners: ['Oakline Systems', 'Tidewater Consulting'] });

it('heads a column with the name of each pattern, in the order of their rules', () => {
  const [first, second, third, ...rows] = table(
    flag('P9.1', 'unpaidWork'),
    flag('P4.1', 'noEvidenceOfValue'),
    flag('P4.4', 'noEvidenceOfValue', 'cleared'),
    flag('P4.4', 'noEvidenceOfValue'),
  );
  expect(first).toBe('                                  no');
  expect(second).toBe('                            evidence      unpaid');
  expect(third).toBe('                            of value        work         all');
  expect(rows).toContain('  Oakline Systems                  2           1           3');
  expect(rows).toContain('  Tidewater Consulting             ·           ·           ·');
  expect(rows.at(-1)).toBe('  all                              2           1           3');
});

it('widens its columns for a long word', () => {
  const [head, ...rows] = table(flag('P9.1', 'incomprehensibilities'));
  expect(head).toBe('                          incomprehensibilities                    all');
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([head?.length]));
});

it('shows nothing but names where there never was a flag', () => {
  expect(table().at(-1)).toBe('  all                              ·');
});

it('has a row for a partner that was not listed, and counts together those beyond the first twenty', () => {
  const flags = Array.from({ length: 25 }, (_, index) => ({ ...flag('P1.1', 'a'), leadPartnerId: `p${index}` }));
  const rows = flagTable({
    flags: [...flags, flag('P1.1', 'a')],
    partnerOf: (each) => each.leadPartnerId,
    partners: [],
  });
  expect(rows).toHaveLength(1 + 20 + 1 + 1);
  expect(rows.at(-2)).toBe('  6 others                         6           6');
  expect(rows.at(-1)).toBe('  all                             26          26');
});
