// Which tests failed, and why? Reads vitest's report, whose path is given, and prints each by file and full name with the first lines of its message.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const most = 30; // a break of everything is read in the log above, not here
const firstLines = (text) => {
  const told = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return told.slice(0, 4).map((line) => `      ${line.length > 200 ? `${line.slice(0, 200)}…` : line}`);
};
const titled = (title, message) => [`  FAILED: ${title}`, ...firstLines(message)].join('\n');

let report;
try {
  report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
} catch {
  console.log('  FAILED: npm test wrote no report');
  process.exit();
}
const failed = report.testResults.flatMap(({ name, message, assertionResults }) => {
  const file = relative(process.cwd(), name);
  const tests = assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ ancestorTitles, title, failureMessages }) =>
      titled([file, ...ancestorTitles, title].filter((part) => part !== '').join(' > '), failureMessages[0] ?? ''),
    );
  return message === '' ? tests : [titled(`${file} (the file itself)`, message), ...tests];
});
// A run may fail with every test passed: an error that belongs to no test.
if (failed.length === 0) failed.push('  FAILED: npm test, though no test did: see its own log above');
console.log(failed.slice(0, most).join('\n'));
if (failed.length > most) console.log(`  and ${failed.length - most} more`);
