// What does `npm run receipts` do? It shows what became of the messages from outside: a list, one of them, or counts.
// A person calls it; it reads the read API of the local instance, or of another installation.

import { refuse } from '../local/core/refusal.ts';
import type { Access } from './access.ts';
import { command, readCommandLine, usualDataDir } from './commandLine.ts';
import { elsewhereTexts, onApi, sameApi } from './onApi.ts';
import { type ReceiptsAsked, receiptsAnswer, receiptsText } from './receiptsText.ts';

const usage = `Usage: npm run receipts -- [RECEIPT] [--status STATUS] [--source SOURCE] [--connection ID] [--from TIME] [--to TIME] [--limit N]
                         [--summary] [--json] (--tenant ID [--data DIR] | --url URL [--token-file FILE])
  RECEIPT       the id that the sender's answer carried: only this receipt, with its issues and the facts that came of it
  --status      pending, waiting, translated, ignored, refused, expired or erased
  --source      only messages of this source, such as stripe
  --connection  only messages of this connection
  --from, --to  only what was received from this instant on, and before that one
  --limit       the most receipts that are listed: 50 unless given
  --summary     how the messages of each connection have ended, counted by reason
  --json        what the API answers, as JSON
  --tenant      the tenant whose receipts to read, on the local instance
  --data DIR    the data directory of the instance (${usualDataDir})
  --url URL     the API of another installation; the token of one of its own people is in THROUGHLINE_TOKEN or in
                --token-file FILE (- is standard input), and never an argument: every user of a machine sees those`;

const filters = ['status', 'source', 'connection', 'from', 'to'] as const;

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: [...filters, 'limit', 'tenant', 'data', ...elsewhereTexts],
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
    const lines = flags.flag('json') ? [JSON.stringify(answer, null, 2)] : receiptsText(asked, answer, sameApi(flags));
    process.stdout.write(`${lines.join('\n')}\n`);
  };

  await onApi({ flags, asWhom: ['tenant'], dataDir: flags.text('data', usualDataDir), work: show });
});
