// Which mutant acts, and which were passed? The instrumented text asks here, by two global functions whose names the instrumenter gives.

/** A mutant that is met so often runs in a loop that the original leaves. */
const mostHits = 1_000_000;

let active: string | undefined;
let hits = 0;
let passed: Uint8Array | undefined;
let round = 0;

/** A cache of the domain, which forgets when another mutant acts. */
class Forgetful<Key extends object, Value> {
  #kept = new WeakMap<Key, Value>();
  #round = round;

  #current(): WeakMap<Key, Value> {
    if (this.#round !== round) {
      this.#kept = new WeakMap();
      this.#round = round;
    }
    return this.#kept;
  }

  get(key: Key): Value | undefined {
    return this.#current().get(key);
  }

  has(key: Key): boolean {
    return this.#current().has(key);
  }

  set(key: Key, value: Value): this {
    this.#current().set(key, value);
    return this;
  }
}

/** Lets one mutant act, or none; what the domain has cached is forgotten. */
export const activate = (id: string | undefined): void => {
  active = id;
  hits = 0;
  round += 1;
};

/** Marks from now on, in `into`, the number of each mutant that is passed; undefined: no longer. */
export const mark = (into: Uint8Array | undefined): void => {
  passed = into;
};

/** The text of a file of the domain, with forgetful caches. */
export const withForgetfulCaches = (text: string): string => text.replaceAll('new WeakMap', 'new Forgetful_9fa48');

const isActive = (id: string): boolean => {
  if (id !== active) return false;
  hits += 1;
  if (hits > mostHits) throw new Error('The mutant runs without an end.');
  return true;
};

const cover = (...ids: readonly string[]): void => {
  if (passed !== undefined) for (const id of ids) passed[Number(id)] = 1;
};

Object.assign(globalThis, { stryMutAct_9fa48: isActive, stryCov_9fa48: cover, Forgetful_9fa48: Forgetful });
