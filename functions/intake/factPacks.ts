// Which bus entries take facts to those that own them?
import { ownerOf } from '../../domain/lifecycle.ts';
import type { Fact } from '../../events/catalog.ts';
import { type BusEntry, intakeSource, packType } from '../aws/eventBridge.ts';

/** An entry of the bus, and the facts that it holds. */
export interface FactPack {
  readonly entry: BusEntry;
  readonly facts: readonly Fact[];
}

/** EventBridge counts an entry for each 64 KB that begin, so a pack stays below the first; so does its message in a queue. */
const packBytes = 60 * 1024;

/** What a batch of messages holds should be done well within a function's time. */
const packFacts = 100;

const packOf = (owner: string, facts: readonly Fact[], texts: readonly string[]): FactPack => ({
  entry: {
    source: intakeSource,
    detailType: packType,
    detail: `{"owner":${JSON.stringify(owner)},"facts":[${texts.join(',')}]}`,
  },
  facts,
});

/** A fact that no function of this release owns goes alone under its type: a later release may have a rule for it. */
const ownerless = (fact: Fact): FactPack => ({
  entry: { source: intakeSource, detailType: fact.type, detail: JSON.stringify(fact) },
  facts: [fact],
});

const packsFor = (owner: string, facts: readonly Fact[]): readonly FactPack[] => {
  const packs: FactPack[] = [];
  let [held, texts, left]: [Fact[], string[], number] = [[], [], packBytes];
  const close = (): void => {
    if (held.length > 0) packs.push(packOf(owner, held, texts));
    [held, texts, left] = [[], [], packBytes];
  };
  for (const fact of facts) {
    const text = JSON.stringify(fact);
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > left || held.length === packFacts) close();
    held.push(fact);
    texts.push(text);
    left -= bytes;
  }
  close();
  return packs;
};

/** Packs facts, in order, by tenant and owner. A fact larger than a pack has one of its own. */
export const packsOf = (facts: readonly Fact[]): readonly FactPack[] => {
  const groups = Map.groupBy(facts, ({ tenantId, type, data }) => JSON.stringify([tenantId, ownerOf(type, data)]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const owner = first === undefined ? undefined : ownerOf(first.type, first.data);
    return owner === undefined ? group.map(ownerless) : packsFor(owner, group);
  });
};
