// Which findings of a check are accepted at a construct, and why? Each construct accepts them itself, rule by rule.
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts findings of one rule of cdk-nag at one construct and everything below it, with a reason for the reader. */
export const acknowledge = (construct: IConstruct, id: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id, reason });
