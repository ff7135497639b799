// How might a message be signed wrongly, or oddly? Every kind, for each source that signs.
import { bytesOf, cloudevents, type SenderKind, type Sent, stripe } from './webhookSender.ts';

export interface SignatureGround {
  readonly sender: SenderKind;
  /** The connection's own secret, and that of another connection. */
  readonly secret: string;
  readonly other: string;
}

export interface SignatureKind {
  readonly name: string;
  /** The sources to which it applies. */
  readonly of: readonly string[];
  readonly sent: (ground: SignatureGround) => Sent;
  readonly isAccepted: boolean;
}

const both = [stripe.source, cloudevents.source];
const body = ({ sender }: SignatureGround): Buffer => bytesOf(sender.message('signed'));
const honest = (ground: SignatureGround, more: { readonly secret?: string; readonly later?: number } = {}): Sent => ({
  headers: ground.sender.sign({ body: body(ground), secret: ground.secret, ...more }),
  body: body(ground),
});

const kind = (name: string, sent: SignatureKind['sent'], of = both, isAccepted = false): SignatureKind => ({
  ...{ name, of, sent, isAccepted },
});
/** The honest headers, with the one that holds the signature changed; undefined: left out. */
const header = (
  name: string,
  change: (signature: string, ground: SignatureGround) => string | undefined,
  of = both,
  isAccepted = false,
) =>
  kind(
    name,
    (ground) => {
      const { headers, body: sent } = honest(ground);
      const { [ground.sender.signedIn]: signature = '', ...rest } = headers;
      const by = change(signature, ground);
      return { headers: by === undefined ? rest : { ...rest, [ground.sender.signedIn]: by }, body: sent };
    },
    of,
    isAccepted,
  );
/** The honest headers, with another body. */
const otherBody = (name: string, change: (honest: Buffer) => Buffer) =>
  kind(name, (ground) => ({ ...honest(ground), body: change(body(ground)) }));

const time = (name: string, said: string): SignatureKind =>
  kind(name, (ground) => ({ ...honest(ground), headers: { ...honest(ground).headers, 'webhook-timestamp': said } }), [
    cloudevents.source,
  ]);

export const signatureKinds: readonly SignatureKind[] = [
  kind('honest', honest, both, true),
  kind('signed 290 seconds ago', (ground) => honest(ground, { later: -290 }), both, true),
  kind('signed 310 seconds ago', (ground) => honest(ground, { later: -310 })),
  kind('signed a year ago', (ground) => honest(ground, { later: -31_536_000 })),
  kind('signed 330 seconds ahead', (ground) => honest(ground, { later: 330 })),
  kind('signed in 2286', (ground) => honest(ground, { later: 8_000_000_000 })),
  kind('by the secret of another connection', (ground) => honest(ground, { secret: ground.other })),
  kind('by an empty secret', (ground) => honest(ground, { secret: 'whsec_' })),
  kind('by a secret of which a letter differs', (ground) =>
    honest(ground, { secret: ground.secret.replace(/_./, (start) => (start === '_A' ? '_B' : '_A')) }),
  ),
  kind('with no header at all', (ground) => ({ headers: {}, body: body(ground) })),
  kind('as the other source signs', (ground) => {
    const sender = ground.sender === stripe ? cloudevents : stripe;
    return { headers: sender.sign({ body: body(ground), secret: ground.secret }), body: body(ground) };
  }),
  header('no signature', () => undefined),
  header('an empty signature', () => ''),
  header('only spaces', () => '   '),
  header('only separators', () => ',,,== ,'),
  header('half of it', (signature) => signature.slice(0, -20)),
  header('a letter more', (signature) => `${signature}0`),
  header('its last letter changed', (signature) =>
    signature.replace(/.(=?)$/, (last) => (last.startsWith('0') ? `1${last.slice(1)}` : `0${last.slice(1)}`)),
  ),
  header('letters outside ASCII', (signature) => `${signature.slice(0, -4)}éééé`),
  header('12,000 letters', () => 'v1,'.padEnd(12_000, 'a')),
  header('4,000 signatures', () => 'v1=0,v1,0 '.repeat(1200)),
  header('of the prototype', () => '__proto__=1,constructor=2'),
  header('JSON', (signature) => JSON.stringify({ signature })),
  header('another scheme (v0)', (signature) => signature.replace('v1', 'v0')),
  header('another scheme (v1a)', (signature) => signature.replace('v1', 'v1a')),
  header('in upper case', (signature) => signature.toUpperCase()),
  header('its time changed', (signature) => signature.replace(/t=\d/, 't=9'), [stripe.source]),
  header('a second time before the first', (signature) => `t=${Math.floor(Date.now() / 1000) + 5},${signature}`, [
    stripe.source,
  ]),
  header('no time', (signature) => signature.replace(/t=\d+,/, ''), [stripe.source]),
  header('a time that is no number', (signature) => signature.replace(/t=\d+/, 't=now'), [stripe.source]),
  header('a negative time', (signature) => signature.replace('t=', 't=-'), [stripe.source]),
  header('a time of 400 digits', (signature) => signature.replace(/t=\d+/, `t=${'9'.repeat(400)}`), [stripe.source]),
  header('a hexadecimal time', (signature) => signature.replace(/t=\d+/, 't=0x6a'), [stripe.source]),
  header(
    'wrong ones before the right one',
    (signature) => signature.replace(',v1', `,v1=${'0'.repeat(64)},v0=1,v1`),
    [stripe.source],
    true,
  ),
  header(
    'three wrong ones',
    (signature) => signature.replace(/v1=.*/, ['0', '1', '2'].map((each) => `v1=${each.repeat(64)}`).join()),
    [stripe.source],
  ),
  header('spaces after the commas', (signature) => signature.replaceAll(',', ', '), [stripe.source], true),
  header(
    'wrong ones before the right one, in a list',
    (signature) => `v1,AAAA v1a,BBBB ${signature}`,
    [cloudevents.source],
    true,
  ),
  header('three wrong ones in a list', () => 'v1,AAAA v1,BBBB v1,CCCC', [cloudevents.source]),
  header('a comma between signatures', (signature) => `v1,AAAA,${signature}`, [cloudevents.source]),
  ...['0', '-1', 'now', '1e9', '0x6a', '9'.repeat(400), '1.5', '00001700000000'].map((said) =>
    time(`the time ${said.slice(0, 20)}`, said),
  ),
  kind(
    'another id than the signed one',
    (ground) => ({ ...honest(ground), headers: { ...honest(ground).headers, 'webhook-id': 'msg_2' } }),
    [cloudevents.source],
  ),
  kind(
    'parts that run into each other',
    (ground) => {
      // Signed is `id.time.body`: a dot in the id must not move the borders.
      const { headers } = honest(ground);
      return { headers: { ...headers, 'webhook-id': `msg_1.${headers['webhook-timestamp']}` }, body: body(ground) };
    },
    [cloudevents.source],
  ),
  otherBody('a byte changed', (sent) => Buffer.from(sent.toString().replace('e', 'f'))),
  otherBody('a space more', (sent) => Buffer.concat([sent, Buffer.from(' ')])),
  otherBody('a byte order mark more', (sent) => Buffer.concat([Buffer.from('\ufeff'), sent])),
  otherBody('the same JSON, written otherwise', (sent) =>
    Buffer.from(JSON.stringify(JSON.parse(sent.toString()), null, 1)),
  ),
  otherBody('no body', () => Buffer.alloc(0)),
  otherBody('the body twice', (sent) => Buffer.concat([sent, sent])),
];
