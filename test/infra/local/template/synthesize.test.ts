// Is the app bundled and synthesized once for each content of it, and can the local runtime run all that it asks for?
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { functionNames } from '../../../../infra/constructs/bundleAssets.ts';
import { compilePattern } from '../../../../infra/local/bus/eventPattern.ts';
import { type Assembly, synthesize } from '../../../../infra/local/template/synthesize.ts';
import { readTemplate } from '../../../../infra/local/template/template.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const plan = ({ text, stack, folder }: Assembly) =>
  readTemplate({
    template: JSON.parse(text),
    stack,
    assembly: folder,
    addresses: { queues: 'http://127.0.0.1:1/000000000000', api: 'http://127.0.0.1:2' },
  });

it('reuses the template of the same context, and makes another for another context', async () => {
  const first = await synthesize();
  const lines: string[] = [];
  const again = await synthesize({ log: (line) => lines.push(line) });
  expect([again.folder, lines]).toEqual([first.folder, []]);

  const source = 'aws.partner/salesforce.com/00D000000000000EAA/throughline';
  const other = await synthesize({ partnerSources: [source, source] });
  expect(other.folder).not.toBe(first.folder);
  expect(plan(first).buses).not.toContain(source);
  expect(plan(other).buses).toContain(source);
  expect(join(other.folder, '..')).toBe(join(first.folder, '..'));
});

it('needs nothing that can’t be run, and names resources by their purpose', async () => {
  const { functions, rules, schedules, queues, outputs } = plan(await synthesize());
  expect(functions.map(({ name }) => name.toLowerCase()).sort()).toEqual([...functionNames].sort());
  for (const { pattern } of rules) compilePattern(pattern);
  expect(schedules.map(({ everySeconds }) => everySeconds).sort((a, b) => a - b)).toEqual([
    60, 300, 300, 300, 3_600, 86_400,
  ]);
  expect(queues.map(({ name }) => name)).toContain('Sell-Work-DeadLetters');
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['ConnectionsTable', 'SecretsPrefix']));
});
