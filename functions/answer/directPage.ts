// What does a page of an answer hold where so few engagements are in scope that the request itself folds them?
// The queries of long questions call it; it reads the shard index, and streams through their cache.
import { fitting, limitOf, type PagePlace, placeOf } from '../query/pageSize.ts';
import type { QueryRequest, Refused } from '../query/queryRequest.ts';
import type { Answer } from './answer.ts';
import { isAfter, ownerOf, type PlacedItem } from './placed.ts';
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
  /** The most engagements that a request folds. */
  readonly directly: number;
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

/** A page of the answer; `tooMany` where a run must answer it. */
export const createDirectPage =
  ({ scope, answer, directly }: DirectSettings) =>
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
    const ids = [...found].sort().filter((id) => after === undefined || id >= ownerOf(after));
    const items: PlacedItem[] = [];
    const unreadable: string[] = [];
    for (let start = 0; start < ids.length && items.length <= size.limit; start += foldedAtOnce) {
      const piece = await answer(asking, ids.slice(start, start + foldedAtOnce));
      items.push(...piece.items.filter((item) => after === undefined || isAfter(item.place, after)));
      unreadable.push(...piece.unreadable);
    }
    const first = items.slice(0, size.limit);
    const texts = first.map(({ item }) => write(item));
    const count = fitting(texts);
    const last = count < items.length ? first[count - 1]?.place : undefined;
    return {
      items: first.slice(0, count).map(({ item }) => item),
      texts: texts.slice(0, count),
      cursor: last === undefined ? undefined : place.cursorAt(last),
      unreadable,
    };
  };
