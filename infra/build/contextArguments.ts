// Which context does a command line give, and which names are unknown? A misspelt name is refused, not ignored.
import { parseArgs } from 'node:util';

/** The context names that settings and the app read. */
const names: readonly string[] = [
  'stack',
  'issuer',
  'audience',
  'roleClaim',
  'tenantClaim',
  'partnerClaim',
  'release',
  'pagerRate',
  'waitingDays',
  'alarmEmail',
  'partnerSources',
  'webhookRate',
  'webhookPace',
  'relayTypes',
  'gatherSeconds',
  'cloudfront',
  'webAcl',
  'bundles',
];

/** The CDK's own context names (flags and cached lookups) contain one of these. */
const isOfTheCdk = (name: string): boolean => /[@:/]/.test(name);

/** Whether the words ask how the command is called, whatever stands beside that. */
export const asksForHelp = (words: readonly string[]): boolean =>
  words.some((word) => word === '--help' || word === '-h');

/** The names, for a usage. */
export const contextNames = names.join(', ');

/** Every `-c name=value`; for a repeated name the last value counts. Throws on other words, unless `others` allows them. */
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

/** A sentence for each unknown name. */
export const unreadContext = (context: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(context)
    .filter((name) => !names.includes(name) && !isOfTheCdk(name))
    .map((name) => `contextUnknown: nobody reads context \`${name}\`; there are ${contextNames}.`);
