// What do the tests call `vitest` while mutants are tried? This: it keeps each test as a function, so that any can run again at once.
import { expect } from 'vitest';

/** A test's body with its arguments; it throws where the test fails. */
export type Body = () => unknown;

let recorded: Body[] = [];

/** The tests that `load` declares, in their order. */
export async function testsOf(load: () => Promise<unknown>): Promise<readonly Body[]> {
  recorded = [];
  await load();
  return recorded;
}

type Callback = (...values: readonly unknown[]) => unknown;

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

/** A test's or group's function: it stands behind the name, before or behind the options. */
const callbackOf = (rest: readonly unknown[]): Callback => rest.find(isCallback) ?? (() => undefined);

type Declare = (name: string, ...rest: readonly unknown[]) => void;

/** `each` of Vitest: a list within the list of cases is a case's arguments. */
const eachOf =
  (declare: (callback: Callback, values: readonly unknown[]) => void) =>
  (cases: readonly unknown[]): Declare =>
  (_name, ...rest) => {
    for (const values of cases) declare(callbackOf(rest), Array.isArray(values) ? values : [values]);
  };

const record = (callback: Callback, values: readonly unknown[]): void => void recorded.push(() => callback(...values));

export const test = Object.assign(((_name, ...rest) => record(callbackOf(rest), [])) satisfies Declare, {
  each: eachOf(record),
});

export const it = test;

export const describe = Object.assign(((_name, ...rest) => void callbackOf(rest)()) satisfies Declare, {
  each: eachOf((callback, values) => void callback(...values)),
});

export { expect };
