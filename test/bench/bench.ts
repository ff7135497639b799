// How fast is the pipeline, and is that fast enough? Prints every figure beside its floor and its goal; names choose benches.
import { parseArgs } from 'node:util';
import { benches, onlyNamed, withFacts } from './catalog.ts';
import type { Figure } from './sideBySide.ts';

const { positionals: chosen, values } = parseArgs({
  allowPositionals: true,
  options: { facts: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(`Usage: npm run bench -- [NAME …] [--facts N]
  NAME       ${Object.keys(benches).join(', ')}; without a name, each of them but ${onlyNamed.join(', ')}
  --facts N  so many facts, for a shorter run of ${withFacts.join(' and ')}\n`);
  process.exit(0);
}
const facts = values.facts === undefined ? undefined : Number(values.facts);
if (facts !== undefined && !(Number.isInteger(facts) && facts > 0)) {
  process.stderr.write(`--facts is a number of facts, for a shorter run of ${withFacts.join(' and ')}\n`);
  process.exit(2);
}
const unknown = chosen.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}

const written = (value: number | undefined): string => {
  if (value === undefined) return '';
  return value.toFixed(value >= 100 ? 0 : value >= 1 ? 2 : 3);
};

const isMet = ({ figure, ratio, goal }: Figure): boolean => {
  if (goal === undefined) return true;
  const value = ratio ?? figure;
  return goal.is === 'atLeast' ? value >= goal.value : value <= goal.value;
};

const rowOf = (measured: Figure): readonly string[] => {
  const { name, unit, figure, floor, ratio, goal } = measured;
  const wanted =
    goal === undefined ? '' : `${goal.is === 'atLeast' ? '≥' : '≤'} ${goal.value}${isMet(measured) ? '' : ' MISSED'}`;
  return [name, `${written(figure)} ${unit}`, written(floor), written(ratio), wanted];
};

const figures: Figure[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length === 0 ? onlyNamed.includes(name) : !chosen.includes(name)) continue;
  process.stderr.write(`measuring ${name}\n`);
  figures.push(...(await bench({ facts })));
}

const rows = [['what', 'figure', 'floor', 'ratio', 'goal'], ...figures.map(rowOf)];
const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
for (const row of rows) {
  const cells = row.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
  );
  process.stdout.write(`${cells.join(' | ')}\n`);
}
process.exitCode = figures.every(isMet) ? 0 : 1;
