// Does the operator's page say of every alarm what to do, of none that there isn't, and name only commands and queues that exist?
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resources, synthesized } from './synthesized.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'infra', 'OPERATING.md'), 'utf8');
const template = synthesized();
const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
  String(Properties.AlarmName).replace('Throughline-', ''),
);
const sections = page.split(/^## /m).slice(1);
/** The names of the paragraph that begins with `Alarm:` or `Alarms:`. */
const named = (section: string): readonly string[] => {
  const [, paragraph = ''] = /^Alarms?: ([\s\S]*?)\n\n/m.exec(section) ?? [];
  return [...paragraph.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name ?? '');
};

it('has one section for every alarm, and none for an alarm that does not exist', () => {
  expect(sections.flatMap(named).toSorted()).toEqual(alarms.toSorted());
});

it('gives every alarm’s section more than the alarm says', () => {
  for (const section of sections.filter((each) => named(each).length > 0)) {
    const [, ...paragraphs] = section.split(/^Alarms?: [\s\S]*?\n\n/m);
    expect(paragraphs.join('').length, section.split('\n')[0]).toBeGreaterThan(150);
  }
});

it('names only commands that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commands = [...page.matchAll(/npm run ([a-z][a-z-]*)/g)].map(([, command]) => command);
  expect([...new Set(commands)].filter((command) => !Object.hasOwn(scripts, command ?? ''))).toEqual([]);
});

it('names only queues that redrive knows', () => {
  const outputs = Object.keys(template.toJSON().Outputs).map((name) => name.toLowerCase());
  const queues = [...page.matchAll(/redrive -- ([a-z][a-z-]+)/g)].map(([, name]) => name?.replaceAll('-', '') ?? '');
  expect(queues.length).toBeGreaterThan(2);
  expect(queues.filter((name) => !outputs.includes(name))).toEqual([]);
});

it('is linked from the README', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('(infra/OPERATING.md)');
});
