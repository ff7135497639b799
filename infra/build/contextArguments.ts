// Which context does a command line give, and what of it would nobody read? A name that is misspelt is told, and not passed over.
import { parseArgs } from 'node:util';

/** What settings and the app read of the context. */
const names: readonly string[] = [
  'stack',
  'issuer',
  'audience',
  'roleClaim',
  'tenantClaim',
  'partnerClaim',
  'release',
  'pagerRate',
  'alarmEmail',
  'partnerSources',
  'bundles',
];

/** The CDK's own names, of flags and of what it has looked up, hold one of these. */
const isOfTheCdk = (name: string): boolean => /[@:/]/.test(name);

/** Every `-c name=value`; the last of a name counts. Words that are not context throw, unless `others` are let pass. */
export const contextGiven = (
  words: readonly string[],
  others: 'refused' | 'passed',
): Readonly<Record<string, string>> => {
  const { values } = parseArgs({
    args: [...words],
    options: { context: { type: 'string', short: 'c', multiple: true } },
    strict: others === 'refused',
    allowPositionals: others === 'passed',
  });
  return Object.fromEntries(
    [values.context ?? []].flat().map((given) => {
      const [name = '', ...value] = String(given).replace(/^=/, '').split('=');
      return [name, value.join('=')];
    }),
  );
};

/** A sentence for each name that nobody reads. */
export const unreadContext = (context: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(context)
    .filter((name) => !names.includes(name) && !isOfTheCdk(name))
    .map((name) => `contextUnknown: nobody reads context \`${name}\`; there are ${names.join(', ')}.`);
