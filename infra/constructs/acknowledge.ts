// What may a check find at a construct, and why is that right there? Said at the construct itself, rule by rule.
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Lets one rule of cdk-nag pass at one construct and what is below it; the reason is for whoever reads the finding. */
export const acknowledge = (construct: IConstruct, id: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id, reason });
