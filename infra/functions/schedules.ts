// Which schedules wake sweep, and how often?
import { Duration } from 'aws-cdk-lib';

export interface Tick {
  readonly name: string;
  readonly every: Duration;
  readonly says: { readonly sweep: 'due' | 'receipts' | 'rhythm' | 'deployment' | 'pager' };
}

export const schedules: readonly Tick[] = [
  { name: 'Due', every: Duration.minutes(1), says: { sweep: 'due' } },
  { name: 'Receipts', every: Duration.minutes(5), says: { sweep: 'receipts' } },
  { name: 'Rhythm', every: Duration.minutes(5), says: { sweep: 'rhythm' } },
  { name: 'Deployment', every: Duration.minutes(5), says: { sweep: 'deployment' } },
  { name: 'Pager', every: Duration.days(1), says: { sweep: 'pager' } },
];
