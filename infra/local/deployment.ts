// Does a start on a data directory deploy something new? Then the pager runs, so that rows of older code come up to date.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dataFiles } from './dataDirectory.ts';

/** The digest of a template, which names the functions' bundles by their content. */
export const deploymentOf = (template: string): string => createHash('sha256').update(template).digest('hex');

/** Whether anything has run on the data directory yet; asked before a start. */
export const holdsData = (dataDir: string): boolean => existsSync(dataFiles.queues(dataDir));

export interface Deployment {
  readonly dataDir: string;
  readonly deployment: string;
  /** Whether there may be rows of an earlier deployment. */
  readonly heldData: boolean;
  /** Sends sweep word to run the pager. */
  readonly runPager: () => void;
}

/**
 * Runs the pager where the deployment is not that of the last start. It is noted after the pager's message is kept, so that a
 * start which is cut off between does it again.
 */
export function deploy({ dataDir, deployment, heldData, runPager }: Deployment): void {
  const path = dataFiles.deployment(dataDir);
  if (existsSync(path) && readFileSync(path, 'utf8') === deployment) return;
  if (heldData) runPager();
  writeFileSync(path, deployment);
}
