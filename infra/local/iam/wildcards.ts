// Does a text match a pattern of an IAM policy? `*` matches any characters, `?` matches one; in an ARN, each stays within one part.

/** Makes the test of a pattern. */
export function wildcard(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '.')
    .replaceAll(/\*+/g, '.*');
  const expression = new RegExp(`^${source}$`, 'su');
  return (text) => expression.test(text);
}

/** The six parts of an ARN; all further colons belong to the last part. */
const partsOf = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** Makes the test of an ARN pattern, part by part, so that a wildcard stays within its part; `*` alone matches every ARN. */
export function arnPattern(pattern: string): (arn: string) => boolean {
  if (pattern === '*') return () => true;
  const tests = partsOf(pattern).map(wildcard);
  return (arn) => {
    const parts = partsOf(arn);
    return tests.every((test, index) => test(parts[index] ?? ''));
  };
}
