// What does `npm run what-if` do? It asks what other thresholds would have changed, follows the run, and says what it found.
// A person calls it; it asks the running instance or another API, and may start a local runtime.
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Properties } from '../../local/core/json.ts';
import { Refusal, refuse } from '../../local/core/refusal.ts';
import { patientFetch } from '../../local/http/patientFetch.ts';
import { type Access, reasonOf } from '../access.ts';
import { command, readCommandLine, usualDataDir } from '../commandLine.ts';
import { elsewhereTexts, named, onApi } from '../onApi.ts';
import { type Found, goesOnText, Item, Run, reportLines } from './whatIfText.ts';

const usage = `Usage: npm run what-if -- --set RULE.THRESHOLD=VALUE … --from DATE --to DATE [--partner ID] [--json]
                         (--tenant ID [--data DIR] | --url URL [--token-file FILE])
  --set         a threshold as it would have been, such as P4.1.days=60; may be given several times. GET /docs lists all of them
  --from, --to  flags and losses from this day or instant on, and before that one
  --partner     only engagements that this partner leads now: its party id, code or external id
  --json        everything that was found, as JSON
  --tenant      the tenant of the local instance
  --data DIR    the data directory of the instance (${usualDataDir})
  --url URL     the API of another installation; the token of one of its own people is in THROUGHLINE_TOKEN or in --token-file FILE`;

type Set = Record<string, Record<string, number | boolean>>;

const thresholdIn = (text: string): number | boolean | undefined => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
};

function thresholdsIn(words: readonly string[]): Set {
  if (words.length === 0) refuse(`Give at least one --set.\n${usage}`);
  const set: Set = {};
  for (const word of words) {
    const [, rule, threshold, text = ''] = /^(P\d+\.\d+)\.(\w+)=(.*)$/.exec(word) ?? [];
    const value = thresholdIn(text);
    if (rule === undefined || threshold === undefined || value === undefined) {
      return refuse(`--set ${word} is no RULE.THRESHOLD=VALUE, such as P4.1.days=60.`);
    }
    set[rule] = { ...set[rule], [threshold]: value };
  }
  return set;
}

const Problem = z.looseObject({
  detail: z.string().optional(),
  message: z.string().optional(),
  issues: z.array(z.looseObject({ path: z.string(), message: z.string() })).default([]),
});

/** A request to the API; refuses with what the answer says. */
async function asked({ url, token }: Access, path: string, body?: object): Promise<unknown> {
  const answer = await patientFetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => refuse(`${url} could not be reached: ${reasonOf(error)}`, error));
  const said: unknown = await answer.json();
  if (answer.ok) return said;
  const { detail, message, issues } = Problem.parse(said);
  const lines = issues.map((issue) => `  ${issue.path}: ${issue.message}`);
  throw new Refusal([`Refused (${answer.status}): ${detail ?? message ?? 'without a reason'}`, ...lines]);
}

const lookEveryMs = 500;

/** Follows a run to its end, telling how far it is. */
async function followed(access: Access, place: string): Promise<z.infer<typeof Run>> {
  for (let told = -1; ; ) {
    const run = Run.parse(await asked(access, place));
    const { done, of } = run.progress;
    if (told < 0) process.stderr.write(`Run ${run.run}\n`);
    if (done > told) process.stderr.write(`${done} of ${of ?? 'the listed'} engagements\n`);
    told = done;
    if (run.status === 'cancelled') return refuse('The run was cancelled.');
    if (run.status === 'failed') return refuse(`The run failed: ${run.problem ?? 'without a reason'}`);
    if (run.status === 'done') return run;
    await pause(lookEveryMs);
  }
}

const Page = z.looseObject({ items: z.array(Item).default([]), cursor: z.string().optional() });

async function foundBy(access: Access, body: object): Promise<Found> {
  const { place } = z.looseObject({ place: z.string() }).parse(await asked(access, '/v1/what-if', body));
  const goesOn = () => {
    process.stderr.write(`${goesOnText(access.url, place)}\n`);
    // A local runtime that was started for it ends itself.
    if (process.listenerCount('SIGINT') === 0) process.exit(130);
  };
  process.once('SIGINT', goesOn);
  const run = await followed(access, place);
  process.off('SIGINT', goesOn);
  const items: z.infer<typeof Item>[] = [];
  for (let cursor = ''; ; ) {
    const page = Page.parse(await asked(access, `${place}?limit=1000${cursor}`));
    items.push(...page.items);
    if (page.cursor === undefined) return { run, items };
    cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
  }
}

const bodyOf = (flags: Properties): object => {
  for (const name of ['from', 'to']) if (!flags.has(name)) refuse(`Name --from and --to.\n${usage}`);
  return { set: thresholdsIn(flags.texts('set')), ...named(flags, ['from', 'to', 'partner']) };
};

await command(async () => {
  const { flags } = readCommandLine({
    texts: ['from', 'to', 'partner', 'tenant', 'data', ...elsewhereTexts],
    lists: ['set'],
    switches: ['json'],
    usage,
  });
  const body = bodyOf(flags);
  const work = async (access: Access): Promise<void> => {
    const found = await foundBy(access, body);
    const text = flags.flag('json') ? JSON.stringify(found, null, 2) : reportLines(found).join('\n');
    process.stdout.write(`${text}\n`);
  };
  await onApi({ flags, asWhom: ['tenant'], dataDir: flags.text('data', usualDataDir), work });
});
