// How is a value of the deploy context read and refused? Each refusal has a name, and says how to give a better value.

/** Why the context is refused: a name to search for, and a sentence that says what to do. */
export interface Refusal {
  readonly name:
    | 'stackNotAName'
    | 'issuerAbsent'
    | 'issuerNotAUrl'
    | 'audienceAbsent'
    | 'claimNotAName'
    | 'claimWithoutIssuer'
    | 'releaseNotANumber'
    | 'pagerRateNotANumber'
    | 'waitingDaysNotANumber'
    | 'alarmEmailNotAnAddress'
    | 'partnerSourceNotAName'
    | 'webhookRateNotANumber'
    | 'webhookPaceNotANumber'
    | 'relayTypeUnknown'
    | 'gatherSecondsNeither0Nor1'
    | 'cloudfrontNeitherTrueNorFalse'
    | 'webAclNotAnArn'
    | 'webAclWithoutCloudfront';
  readonly message: string;
}

export type ContextOf = (name: string) => unknown;
export type Refuse = (name: Refusal['name'], message: string) => void;

export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export const mend = (name: string, example: string): string =>
  `Give it with \`-c ${name}=${example}\`, or as "${name}" under "context" in cdk.json.`;

export const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  return isText(value) ? value.split(',').map((name) => name.trim()) : [value];
};

/** A whole number of the context within bounds; undefined where it gives none, or where it was refused. */
export const countOf = (
  contextOf: ContextOf,
  { name, most, of }: { readonly name: string; readonly most: number; readonly of: string },
  refuse: (message: string) => void,
): number | undefined => {
  const given = contextOf(name);
  if (given === undefined || given === '') return undefined;
  const count = Number(given);
  if (Number.isSafeInteger(count) && count >= 1 && count <= most) return count;
  refuse(`context \`${name}\` is not a whole number from 1 to ${most}, of ${of}. ${mend(name, '100')}`);
  return undefined;
};
