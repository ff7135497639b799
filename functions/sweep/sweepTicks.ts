// Which ticks does sweep have, each in a file of its own?
import type { Logger } from '@aws-lambda-powertools/logger';
import { createContextTick } from './contextTick.ts';
import { type CustomerTickSettings, createCustomerTick } from './customerTick.ts';
import { createDeploymentTick, type DeploymentTickSettings } from './deploymentTick.ts';
import { createDueTick, type DueTickSettings } from './dueTick.ts';
import { createGroupPageTick, type GroupPageTickSettings } from './groupPageTick.ts';
import { createOutageTick, type OutageTickSettings } from './outageTick.ts';
import { createRebuildPageTick, type RebuildPageTickSettings } from './rebuildPageTick.ts';
import type { RebuildRuns } from './rebuildRuns.ts';
import type { StartRebuild } from './rebuildStart.ts';
import { createRebuildTick } from './rebuildTick.ts';
import { createReceiptsTick, type ReceiptsTickSettings } from './receiptsTick.ts';
import { createRhythmTick, type RhythmTickSettings } from './rhythmTick.ts';
import type { Tick } from './tick.ts';

export interface SweepTicksSettings
  extends DueTickSettings,
    ReceiptsTickSettings,
    Omit<RebuildPageTickSettings, 'runs' | 'logger'>,
    Omit<DeploymentTickSettings, 'runs'>,
    Omit<GroupPageTickSettings, 'runs' | 'logger'>,
    CustomerTickSettings,
    OutageTickSettings,
    RhythmTickSettings {
  readonly runs: RebuildRuns;
  readonly startRebuild: StartRebuild;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

export const sweepTicks = (settings: SweepTicksSettings): readonly Tick[] => [
  createDueTick(settings),
  createReceiptsTick(settings),
  createRebuildTick(settings),
  createRebuildPageTick(settings),
  createGroupPageTick(settings),
  createDeploymentTick(settings),
  createContextTick(settings),
  createCustomerTick(settings),
  createOutageTick(settings),
  createRhythmTick(settings),
];
