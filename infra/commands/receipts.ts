// What does `npm run receipts` do? It shows what became of the messages from outside: a list, one of them, or counts.
// A person calls it; it reads the read API of the local instance, or of another installation.
import { type Properties, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { tokenRequest } from '../local/http/tokens.ts';
import { command, existingDataDir, readCommandLine, usualDataDir } from './commandLine.ts';
import { type Access, accessTo } from './exportTable.ts';
import { quoted } from './hints.ts';
import { carriedOut } from './instance.ts';
import { type ReceiptsAsked, receiptsAnswer, receiptsText } from './receiptsText.ts';

const usage = `Usage: npm run receipts -- [RECEIPT] [--status STATUS] [--source SOURCE] [--connection ID] [--from TIME] [--to TIME] [--limit N]
                         [--summary] [--json] (--tenant ID [--data DIR] | --url URL --token TOKEN)
  RECEIPT       the id that the sender's answer carried: only this receipt, with its issues and the facts that came of it
  --status      pending, waiting, translated, ignored or refused
  --source      only messages of this source, such as stripe
  --connection  only messages of this connection
  --from, --to  only what was received from this instant on, and before that one
  --limit       the most receipts that are listed: 50 unless given
  --summary     how the messages of each connection have ended, counted by reason
  --json        what the API answers, as JSON
  --tenant      the tenant whose receipts to read, on the local instance
  --data DIR    the data directory of the instance (${usualDataDir})
  --url, --token   the API of another installation, and a token of its own people`;

const filters = ['status', 'source', 'connection', 'from', 'to'] as const;

/** The flags that name the same receipts again, for a person to copy; a token is not printed. */
const whereText = (flags: Properties): string => {
  if (flags.has('url')) return `--url ${quoted(flags.text('url'))} --token TOKEN`;
  const data = flags.has('data') ? ` --data ${quoted(flags.text('data'))}` : '';
  return `--tenant ${quoted(flags.text('tenant', ''))}${data}`;
};

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: [...filters, 'limit', 'tenant', 'data', 'url', 'token'],
    switches: ['summary', 'json'],
    positionals: true,
    usage,
  });
  const given = filters.filter((name) => flags.has(name));
  const [one, ...more] = positionals;
  if (more.length > 0) refuse(`Name only one receipt, not ${positionals.join(' ')}.\n${usage}`);
  if ((one !== undefined || flags.flag('summary')) && given.length > 0) {
    refuse(`--${given[0]} goes only with a list.\n${usage}`);
  }
  const most = Number(flags.text('limit', '50'));
  if (!Number.isInteger(most) || most < 1) refuse(`--limit ${flags.text('limit')} is not a number from 1 on.`);
  const asked: ReceiptsAsked =
    one !== undefined
      ? { one }
      : flags.flag('summary')
        ? { summary: true }
        : { filters: Object.fromEntries(given.map((name) => [name, flags.text(name)])), most };

  const show = async (access: Access): Promise<void> => {
    const answer = await receiptsAnswer(access, asked);
    const lines = flags.flag('json')
      ? [JSON.stringify(answer, null, 2)]
      : receiptsText(asked, answer, whereText(flags));
    process.stdout.write(`${lines.join('\n')}\n`);
  };

  if (flags.has('url') !== flags.has('token')) refuse('--url and --token go together.');
  if (flags.has('url')) {
    const url = flags.text('url').replace(/\/$/, '');
    if (flags.has('tenant')) refuse('--tenant is for the local instance only: elsewhere the token names the tenant.');
    if (!URL.canParse(url)) refuse(`--url ${url} is not a URL, such as https://api.example.com.`);
    return await show({ url, token: flags.text('token') });
  }

  const input = { role: 'vendor', tenant: flags.text('tenant', '') };
  tokenRequest(properties(input, 'receipts'));
  const access = await carriedOut({
    dataDir: existingDataDir(flags),
    command: 'access',
    input,
    async alone(runtime) {
      await show(await accessTo(runtime, properties(input, 'receipts')));
      return undefined;
    },
  });
  if (access === undefined) return;
  const answer = properties(access, 'the answer');
  await show({ url: answer.text('url'), token: answer.text('token') });
});
