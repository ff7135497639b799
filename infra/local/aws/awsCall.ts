// What does a call of the AWS SDK ask for, and how does the runtime refuse one with AWS's error codes?
import { isObject } from '../bus/eventPatternOperators.ts';

/** A call that was read and is not yet carried out: what IAM would check, and the work itself. */
export interface PreparedCall {
  /** The IAM action, for example `sqs:SendMessage` (also of a batch). */
  readonly permission: string;
  /** The ARNs that it touches. */
  readonly resources: readonly string[];
  run(): Readonly<Record<string, unknown>>;
}

/** An operation of a service: reads the call's input. `host` is the host name that the caller used. */
export type Operation = (input: CallInput, host: string) => PreparedCall;

/** The operations of a service by name, with the input members that each one reads. */
export type Operations = ReadonlyMap<string, readonly [readonly string[], Operation]>;

/** A refusal that the caller receives as AWS's error with that code. */
export class AwsRefusal extends Error {
  readonly code: string;
  /** The code that SQS's older query protocol gives; clients show it in place of `code`. */
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, queryCode?: string) {
    super(message);
    this.code = code;
    this.queryCode = queryCode;
  }
}

/** The members of a call's input. A member of the wrong type, or one that no code reads, is refused by name. */
export interface CallInput {
  text(member: string): string;
  optionalText(member: string): string | undefined;
  optionalNumber(member: string): number | undefined;
  /** A whole number within bounds. */
  optionalInteger(member: string, least: number, most: number): number | undefined;
  flag(member: string): boolean;
  texts(member: string): readonly string[];
  /** A list of structures; each is checked in the same way. */
  structures(member: string, members: readonly string[]): readonly CallInput[];
}

/** Reads an input that may have only these members. */
export function callInput(value: unknown, members: readonly string[]): CallInput {
  const input = isObject(value) ? value : {};
  const unknown = Object.keys(input).find((member) => !members.includes(member) && input[member] !== null);
  if (unknown !== undefined)
    throw invalid(`The local runtime doesn't support "${unknown}" in this call; leave it out.`);
  const optional = <T>(member: string, is: (found: unknown) => found is T, what: string): T | undefined => {
    const found = input[member];
    if (found === undefined || found === null) return undefined;
    if (!is(found)) throw invalid(`"${member}" must be ${what}.`);
    return found;
  };
  const optionalText = (member: string) => optional(member, (found) => typeof found === 'string', 'a string');
  const optionalNumber = (member: string) => optional(member, (found) => typeof found === 'number', 'a number');
  const list = (member: string): readonly unknown[] =>
    optional(member, (found) => Array.isArray(found), 'a list') ?? [];
  return {
    optionalText,
    optionalNumber,
    text(member) {
      const found = optionalText(member);
      if (found === undefined)
        throw new AwsRefusal('MissingParameter', `The call must have the parameter "${member}".`);
      return found;
    },
    optionalInteger(member, least, most) {
      const found = optionalNumber(member);
      if (found === undefined || (Number.isInteger(found) && found >= least && found <= most)) return found;
      throw invalid(`"${member}" must be a whole number from ${least} to ${most}, not ${found}.`);
    },
    flag: (member) => optional(member, (found) => typeof found === 'boolean', 'true or false') ?? false,
    texts: (member) =>
      list(member).map((found) => {
        if (typeof found !== 'string') throw invalid(`"${member}" must be a list of strings.`);
        return found;
      }),
    structures: (member, inner) => list(member).map((found) => callInput(found, inner)),
  };
}

export function invalid(message: string): AwsRefusal {
  return new AwsRefusal('InvalidParameterValue', message);
}
