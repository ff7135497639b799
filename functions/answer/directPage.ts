// What does a page of an answer hold where so few engagements are in scope that the request itself folds them?
// The queries of long questions call it; it reads the shard index, streams through their cache, and the machine's clock.
import { fitting, limitOf, type PagePlace, placeOf } from '../query/pageSize.ts';
import type { QueryRequest, Refused } from '../query/queryRequest.ts';
import type { Answer } from './answer.ts';
import { type Gathered, isGathered } from './gathered.ts';
import { isAfter, type PlacedItem } from './placed.ts';
import type { Asking } from './question.ts';
import type { ReadScope } from './scope.ts';

type Cells = PlacedItem['item'];

export interface DirectPage<Item = Cells> {
  readonly items: readonly Item[];
  readonly texts: readonly string[];
  readonly cursor: string | undefined;
  /** What this page could not read. */
  readonly unreadable: readonly string[];
}

export interface DirectSettings {
  readonly scope: ReadScope;
  readonly answer: Answer;
  readonly gathered: Gathered;
  /** The most engagements that a request folds. */
  readonly directly: number;
  /** Milliseconds of a clock that never goes back. */
  readonly ticks: () => number;
}

export interface DirectRequest {
  readonly question: QueryRequest;
  readonly asking: Asking;
  /** How many items a page has where the request gives no limit. */
  readonly usual?: number | undefined;
  readonly write?: ((item: Cells) => string) | undefined;
}

/** So many are folded before the page is looked at again: a page of few rows needs few of them. */
const foldedAtOnce = 25;

/** How many are folded first: by them it is known how long the others will take. */
const foldedFirst = 2;

/** The time in which a request folds: well below what it has, since the last piece may take longer than was thought. */
const budgetMs = 8_000;

interface Folding {
  readonly ids: readonly string[];
  readonly fold: (ids: readonly string[]) => Promise<void>;
  /** Whether the page needs no more. */
  readonly isFull: () => boolean;
  readonly ticks: () => number;
}

/** Folds one piece after the other while there is time; answers how many of the ids it folded. */
const foldInTime = async ({ ids, fold, isFull, ticks }: Folding): Promise<number> => {
  const begun = ticks();
  let [folded, atOnce] = [0, foldedFirst];
  while (folded < ids.length && atOnce >= 1 && !isFull()) {
    const piece = ids.slice(folded, folded + atOnce);
    await fold(piece);
    folded += piece.length;
    const spent = ticks() - begun;
    atOnce = spent === 0 ? foldedAtOnce : Math.min(foldedAtOnce, Math.floor(((budgetMs - spent) * folded) / spent));
  }
  return folded;
};

/** A place after all items of an owner. */
const afterAll = (id: string): string => `${id}#\uffff`;

/**
 * A page of the answer; `tooMany` where a run must answer it: of too many engagements, or of such long ones that their time is over. A
 * further page holds what was folded in time, and leads on from there.
 */
export const createDirectPage =
  ({ scope, answer, gathered, directly, ticks }: DirectSettings) =>
  async ({
    question,
    asking,
    usual,
    write = JSON.stringify,
  }: DirectRequest): Promise<DirectPage | Refused | 'tooMany'> => {
    const size = limitOf(question.asked, usual);
    if ('problem' in size) return size;
    const place: PagePlace | Refused = placeOf(question, [asking.question.ask, ...question.path]);
    if ('problem' in place) return place;
    const { ids: found, next } = await scope(asking, { limit: directly + 1 });
    if (found.length > directly || next !== undefined) return 'tooMany';
    const { after } = place;
    // What is gathered from all engagements is folded whole for each of its pages.
    const gathers = isGathered(asking.question);
    const begin = gathers ? undefined : after;
    const ids = [...found].sort().filter((id) => begin === undefined || isAfter(afterAll(id), begin));
    const items: PlacedItem[] = [];
    const unreadable: string[] = [];
    const fold = async (some: readonly string[]): Promise<void> => {
      const piece = await answer(asking, some);
      items.push(...piece.items.filter((item) => begin === undefined || isAfter(item.place, begin)));
      unreadable.push(...piece.unreadable);
    };
    const isFull = (): boolean => !gathers && items.length > size.limit;
    const folded = await foldInTime({ ids, fold, isFull, ticks });
    const isOver = folded < ids.length && !isFull();
    if (isOver && begin === undefined) return 'tooMany';
    const rows = gathers
      ? await gathered(
          asking,
          items.map(({ item }) => item),
        )
      : items;
    const following = gathers ? rows.filter(({ place: own }) => after === undefined || isAfter(own, after)) : rows;
    const first = following.slice(0, size.limit);
    const texts = first.map(({ item }) => write(item));
    const count = fitting(texts);
    const lastFolded = isOver ? ids[folded - 1] : undefined;
    const end = lastFolded === undefined ? undefined : afterAll(lastFolded);
    const last = count < following.length ? first[count - 1]?.place : end;
    return {
      items: first.slice(0, count).map(({ item }) => item),
      texts: texts.slice(0, count),
      cursor: last === undefined ? undefined : place.cursorAt(last),
      unreadable,
    };
  };
