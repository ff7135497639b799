// Does the usage of connect tell every source of the catalog, and what a CRM among other senders needs?
import { expect, it } from 'vitest';
import { sources } from '../../../../events/sources/catalog.ts';
import { crmTypes } from '../../../../events/sources/defaultTypes.ts';
import { connectUsage } from '../../../../infra/commands/connect/connectUsage.ts';

it('names every source, and what its accounts are', () => {
  expect(/^ {2}SOURCE +(.+)$/m.exec(connectUsage)?.[1]).toBe(sources.map(({ name }) => name).join(', '));
  for (const { title, accountIs } of sources) expect(connectUsage).toContain(`${title}: the ${accountIs}`);
});

it('names the types that open and close deals, and the sources that need no permission for them', () => {
  expect(connectUsage).toContain(crmTypes.join(','));
  const crms = sources.filter(({ isCrm }) => isCrm).map(({ name }) => name);
  expect(crms).toContain('salesforce');
  expect(connectUsage).toContain(`a CRM that is not connected as ${crms.join(' or ')} needs\n`);
});
