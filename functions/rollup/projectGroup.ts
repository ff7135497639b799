// How do a group's rows come to equal the function of its contributions?
// The rollup handler calls it; it reads contributions, and reads and writes heads and rows through the projection store.
import { setTimeout as wait } from 'node:timers/promises';
import { rollupNamed } from '../../domain/rollups/catalog.ts';
import { contributionRows, type GroupName } from '../../domain/rollups/contributionRows.ts';
import type { Instant } from '../../events/instant.ts';
import { bareHead, type HeadPlace, headOfGroup } from '../project/headPlace.ts';
import type { ProjectionStore } from '../project/projectionStore.ts';
import { groupsFedBy, type WakeGroups } from '../project/wakeGroups.ts';
import { type Writer, writeDifference } from '../project/writeDifference.ts';
import type { RollupStore } from './rollupStore.ts';

export interface ProjectGroupSettings extends Writer {
  readonly groups: RollupStore;
  readonly rows: ProjectionStore;
  readonly wake: WakeGroups;
  readonly now: () => Instant;
  readonly random: () => number;
}

/** `notProjected`: the group has no head and no contributions, or its rollup is unknown. */
export type GroupProjected = 'written' | 'current' | 'newerRelease' | 'notProjected';

/** Projects one group. Repetition, reordering and concurrency of calls do not change the result. */
export type ProjectGroup = (tenantId: string, group: GroupName, rebuild?: 'rebuild') => Promise<GroupProjected>;

const maxTries = 8;
/** The most groups that one process remembers to have a head. */
const mostKnown = 10_000;

/** Creates the projector of groups over its stores. */
export const createProjectGroup = (settings: ProjectGroupSettings): ProjectGroup => {
  const { groups, rows: store, wake, now, random, release, computedBy } = settings;

  /** Heads of groups are never removed, so what had one has it still. A rebuild, which comes after a loss, looks anew. */
  const headed = new Set<string>();
  const placeText = ({ tenantId, rowKey }: HeadPlace): string => `${tenantId}#${rowKey}`;

  /** Wakes groups without a head by name, because DynamoDB's stream has no record of a contribution that is put again unchanged. */
  const wakeHeadless = async (tenantId: string, fed: readonly GroupName[], rebuild: boolean): Promise<void> => {
    const headless = await Promise.all(
      fed.map(async (group): Promise<readonly GroupName[]> => {
        const place = headOfGroup(tenantId, group);
        if (!rebuild && headed.has(placeText(place))) return [];
        if ((await store.head(place)) === undefined) return [group];
        if (headed.size >= mostKnown) headed.clear();
        headed.add(placeText(place));
        return [];
      }),
    );
    await wake(tenantId, headless.flat(), 'rebuild');
  };

  /**
   * The head is read before the contributions. Where another writer writes in between, our write fails on its condition. A
   * contribution that comes afterwards wakes the group again.
   */
  const attempt = async (
    tenantId: string,
    name: GroupName,
    rebuild: 'rebuild' | undefined,
  ): Promise<GroupProjected | 'behind'> => {
    const rollup = rollupNamed(name.rollup);
    if (rollup === undefined) return 'notProjected';
    const place = headOfGroup(tenantId, name);
    const stored = await store.head(place);
    if (stored !== undefined && stored.release > release) return 'newerRelease';
    const fed = await groups.fedTo(tenantId, name, rollup.buckets);
    if (stored === undefined && fed.length === 0) return 'notProjected';
    const clock = now();
    const evaluatedAt = stored !== undefined && stored.evaluatedAt > clock ? stored.evaluatedAt : clock;
    const made = rollup.rowsOf({ tenantId, group: name.group, fed, now: evaluatedAt });
    const rows = [...made.rows, ...contributionRows(name.group, made.rows)];
    const wanted = { place, headRow: bareHead(place, made.nextDueAt), rows, basis: {}, evaluatedAt };
    const difference = await writeDifference(store, wanted, { stored, release, computedBy });
    const head = difference.outcome === 'written' ? difference.head : stored;
    const isRebuilt = rebuild !== undefined || stored === undefined;
    if (difference.outcome !== 'behind' && isRebuilt && head !== undefined)
      await wakeHeadless(tenantId, groupsFedBy(head), rebuild !== undefined);
    return difference.outcome;
  };

  return async (tenantId, name, rebuild) => {
    for (let tries = 1; tries <= maxTries; tries += 1) {
      const outcome = await attempt(tenantId, name, rebuild);
      if (outcome !== 'behind') return outcome;
      await wait(random() * 10 * tries);
    }
    throw new Error(
      `rows of ${name.rollup} ${name.group} could not be written: another writer came first ${maxTries} times`,
    );
  };
};
