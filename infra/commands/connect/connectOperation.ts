// What is `npm run connect` asked to do, and which flags go with that?
import type { Properties } from '../../local/core/json.ts';
import { refuse } from '../../local/core/refusal.ts';

/** The flags of each operation, beside --stack and --data. Every operation but `make` is named by a flag. */
const flagsOf = {
  list: ['tenant'],
  disable: ['tenant'],
  enable: ['tenant'],
  rotate: ['tenant', 'secret-file', 'hold'],
  sample: ['tenant'],
  check: ['tenant', 'connection', 'account', 'currency', 'mapping', 'allow', 'test-data', 'partner'],
  connection: ['tenant', 'mapping', 'allow', 'partner', 'no-partner', 'rhythm'],
  make: ['tenant', 'account', 'currency', 'mapping', 'allow', 'partner', 'rhythm', 'test-data', 'secret-file', 'port'],
} as const;

export type Operation = keyof typeof flagsOf;

const named = ['list', 'disable', 'enable', 'rotate', 'sample', 'check', 'connection'] as const;

/** The flags of `connect` with a value. */
export const connectTexts: readonly string[] = [
  ...['disable', 'enable', 'rotate', 'sample', 'check', 'connection', 'stack', 'data'],
  ...['tenant', 'account', 'currency', 'mapping', 'allow', 'partner', 'rhythm', 'secret-file', 'hold', 'port'],
];

/** The flags of `connect` without a value. */
export const connectSwitches: readonly string[] = ['list', 'test-data', 'no-partner'];

/** The operation that the flags name; refuses two of them, and a flag that goes with another one. */
export function operationOf(flags: Properties, usage: string): Operation {
  const asked = named.filter((name) => flags.has(name));
  // --check --connection ID checks with the mapping of that connection.
  const operations = asked.filter((name) => name !== 'connection' || !asked.includes('check'));
  if (operations.length > 1) refuse(`Do one thing at a time: --${operations.join(' or --')}.\n${usage}`);
  const operation = operations[0] ?? 'make';
  const fitting: readonly string[] = [operation, ...flagsOf[operation], 'stack', 'data'];
  const strange = [...connectTexts, ...connectSwitches].filter((name) => flags.has(name) && !fitting.includes(name));
  if (strange.length === 0) return operation;
  const to = operation === 'make' ? 'a new connection' : `--${operation}`;
  return refuse(`--${strange.join(', --')} can't be given with ${to}.\n${usage}`);
}
