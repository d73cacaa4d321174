import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { advanceUntil, type Timed } from '@flotilla/conformance';
import { type FakeDns, type FakeDnsAnswer, type FakeDnsQuestion, fakeDns } from '@flotilla/conformance/registries';
import { authorityOf, type Discovery } from '@flotilla/contracts';
import { FakeClock, freePort, type RecordingLogger, recordingLogger } from '@flotilla/testing';
import { discoveryFor, registryUrls } from '../registry-for.ts';

type Zone = Readonly<Record<string, FakeDnsAnswer | undefined>>;

/** A name server with these answers, by type and name; to everything else it says that there is no such name. */
async function zone(t: TestContext, answers: Zone, over?: readonly ('tcp' | 'udp')[]): Promise<FakeDns> {
  const dns = fakeDns(await freePort());
  serve(dns, answers);
  await dns.start(over);
  t.after(() => dns.stop());
  return dns;
}

function serve(dns: FakeDns, answers: Zone): void {
  dns.answer = ({ type, name }: FakeDnsQuestion) => {
    const key = `${type} ${name}`;
    return key in answers ? answers[key] : { code: 3 };
  };
}

interface Following extends Timed {
  readonly discovery: Discovery;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  told(): string;
}

function follow(t: TestContext, url: string): Following {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const discovery = discoveryFor(url, { clock, logger, random: () => 0.5 });
  t.after(() => discovery.close());
  const told = (): string => {
    const { state, endpoints } = discovery.snapshot('ships');
    return `${state}: ${endpoints.map((one) => `${authorityOf(one)}*${one.weight}`).join()}`;
  };
  // Time stands still while a question is on its way: it may take 3 s.
  return { discovery, clock, logger, told, isIdle: () => !clock.pendingDelaysMs.includes(3_000) };
}

/** One look-up of `ships.example`, and what it shows. */
async function look(t: TestContext, answers: Zone, options = ''): Promise<string> {
  const dns = await zone(t, answers);
  const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example${options}`);
  await advanceUntil('known', harness, () => harness.told() !== 'unknown: ');
  return harness.told();
}

const srv = (port: number, target: string, extra: { weight?: number; priority?: number; ttl?: number } = {}) =>
  ({ type: 'SRV', port, target, ...extra }) as const;
const a = (address: string, ttl?: number) => ({ type: 'A', address, ...(ttl === undefined ? {} : { ttl }) }) as const;

test('SRV records name ports and weights; the addresses that come along are used', async (t) => {
  const shown = await look(t, {
    'SRV ships.example': {
      answers: [srv(1, 'a.example', { weight: 3 }), srv(2, 'B.example', { weight: 0 })],
      additionals: [
        { ...a('10.0.0.1'), name: 'A.example' },
        { type: 'AAAA', address: 'fd00::2', name: 'b.example' },
      ],
    },
  });
  assert.equal(shown, 'fresh: 10.0.0.1:1*3,[fd00::2]:2*0');
});

test('addresses that do not come along are asked for, through aliases', async (t) => {
  const shown = await look(t, {
    'SRV ships.example': { answers: [srv(1, 'a.example'), srv(2, 'b.example')] },
    'A a.example': {
      answers: [
        { type: 'CNAME', target: 'c.example' },
        { ...a('10.0.0.3'), name: 'c.example' },
      ],
    },
    'A b.example': { answers: [{ type: 'CNAME', target: 'd.example' }] },
    'AAAA d.example': { answers: [{ type: 'AAAA', address: 'fd00::4' }] },
    'A d.example': {},
    'AAAA b.example': { answers: [{ type: 'CNAME', target: 'd.example' }] },
  });
  assert.equal(shown, 'fresh: 10.0.0.3:1*1,[fd00::4]:2*1');
});

test('only the lowest priority is used; a target of "." is nobody; large weights keep their proportion', async (t) => {
  const first = { priority: 1, weight: 60_000 };
  const shown = await look(t, {
    'SRV ships.example': {
      answers: [srv(1, '10', { ...first }), srv(2, '10', { ...first, weight: 6_000 }), srv(3, '10', { priority: 2 })],
      additionals: [{ ...a('10.0.0.1'), name: '10' }],
    },
  });
  assert.equal(shown, 'fresh: 10.0.0.1:1*1000,10.0.0.1:2*100');
  assert.equal(await look(t, { 'SRV ships.example': { answers: [srv(0, '')] } }), 'fresh: ');
});

test('where no record has a weight, all are the same', async (t) => {
  const answers = [srv(1, 'a.example', { weight: 0 }), srv(2, 'a.example', { weight: 0 })];
  const additionals = [{ ...a('10.0.0.1'), name: 'a.example' }];
  assert.equal(await look(t, { 'SRV ships.example': { answers, additionals } }), 'fresh: 10.0.0.1:1*1,10.0.0.1:2*1');
});

test('with a port in the URL, the names have addresses: IPv6 only where there is no IPv4', async (t) => {
  const both = { 'A ships.example': { answers: [a('10.0.0.2'), a('10.0.0.1')] } };
  assert.equal(await look(t, both, '?port=80'), 'fresh: 10.0.0.1:80*1,10.0.0.2:80*1');
  const six = {
    'A ships.example': {},
    'AAAA ships.example': { answers: [{ type: 'AAAA', address: 'fd00::1' }] },
  } as const;
  assert.equal(await look(t, six, '?port=80'), 'fresh: [fd00::1]:80*1');
});

test('a name that does not exist is an empty list; a server that errs, or says nothing, knows nothing', async (t) => {
  const dns = await zone(t, {
    'SRV ships.example': { answers: [srv(1, 'a.example')], additionals: [{ ...a('10.0.0.1'), name: 'a.example' }] },
  });
  const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example`);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 10.0.0.1:1*1');
  for (const broken of [
    { code: 2 },
    { code: 5 },
    { bytes: Buffer.from('not an answer at all') },
    // A name that has a record whose target nobody knows is a broken zone.
    { answers: [srv(1, 'nobody.example')] },
  ]) {
    serve(dns, { 'SRV ships.example': broken });
    await advanceUntil('stale', harness, () => harness.told() === 'stale: 10.0.0.1:1*1');
    serve(dns, {
      'SRV ships.example': { answers: [srv(1, 'a.example')], additionals: [{ ...a('10.0.0.1'), name: 'a.example' }] },
    });
    await advanceUntil('fresh', harness, () => harness.told() === 'fresh: 10.0.0.1:1*1');
  }
  serve(dns, {});
  await advanceUntil('gone', harness, () => harness.told() === 'fresh: ');
  serve(dns, { 'SRV ships.example': undefined });
  await advanceUntil('silent', { ...harness, isIdle: () => true }, () => harness.told() === 'stale: ');
});

test('what is missing after a failure stays in use for 10 s: a Consul that starts knows nothing at first', async (t) => {
  const both = { 'A ships.example': { answers: [a('10.0.0.1', 30), a('10.0.0.2', 30)] } };
  const dns = await zone(t, both);
  const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example?port=80`);
  const shows = (state: string): Promise<void> =>
    advanceUntil(state, harness, () => harness.told() === `${state}: 10.0.0.1:80*1,10.0.0.2:80*1`);
  await shows('fresh');
  for (const first of [{}, { 'A ships.example': { answers: [a('10.0.0.2', 30)] } }]) {
    serve(dns, { 'A ships.example': { code: 2 } });
    await shows('stale');
    serve(dns, first);
    const before = dns.questions.length;
    await advanceUntil('asked', harness, () => dns.questions.length > before + 3);
    await shows('stale');
    serve(dns, both);
    await shows('fresh');
  }
  serve(dns, { 'A ships.example': { code: 2 } });
  await shows('stale');
  serve(dns, {});
  const answered = dns.questions.length;
  await advanceUntil('answered', harness, () => dns.questions.length > answered + 1);
  const fromMs = harness.clock.monotonicMs();
  await advanceUntil('gone', harness, () => harness.told() === 'fresh: ');
  const heldMs = harness.clock.monotonicMs() - fromMs;
  assert.ok(heldMs > 7_000 && heldMs <= 10_000, `${heldMs}`);
});

test('asks over TCP, as some servers leave records out of a packet; and over UDP where there is no TCP', async (t) => {
  const answers: Zone = { 'A ships.example': { answers: [a('10.0.0.1')] } };
  const dns = await zone(t, answers);
  const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example?port=80`);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 10.0.0.1:80*1');
  assert.deepEqual(new Set(dns.questions.map(({ over }) => over)), new Set(['tcp']));
  const udpOnly = await zone(t, answers, ['udp']);
  const other = follow(t, `dns://127.0.0.1:${udpOnly.port}/{service}.example?port=80`);
  await advanceUntil('known', other, () => other.told() === 'fresh: 10.0.0.1:80*1');
  // What does not fit is no list.
  serve(udpOnly, { 'A ships.example': { answers: [a('10.0.0.2')], isTruncated: true } });
  await advanceUntil('stale', other, () => other.told() === 'stale: 10.0.0.1:80*1');
});

test('asks again when the time to live is over, at least each minute and at most each second', async (t) => {
  for (const [ttl, gapMs] of [
    [0, 1_000],
    [7, 7_000],
    [3_600, 60_000],
  ] as const) {
    const dns = await zone(t, { 'A ships.example': { answers: [a('10.0.0.1', ttl), a('10.0.0.2', 9_999)] } });
    const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example?port=80`);
    const asked: number[] = [];
    const { answer } = dns;
    dns.answer = (question) => {
      asked.push(harness.clock.monotonicMs());
      return answer(question);
    };
    harness.discovery.snapshot('ships');
    await advanceUntil('asked twice', harness, () => asked.length === 2);
    assert.equal((asked[1] ?? 0) - (asked[0] ?? 0), gapMs, `ttl ${ttl}`);
  }
});

test('a missing name is looked for again after what its zone says, but within 5 s', async (t) => {
  for (const [negativeTtl, gapMs] of [
    [2, 2_000],
    [900, 5_000],
    [undefined, 1_000],
  ] as const) {
    const dns = await zone(t, {});
    const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example`);
    const asked: number[] = [];
    dns.answer = () => {
      asked.push(harness.clock.monotonicMs());
      return { code: 3, ...(negativeTtl === undefined ? {} : { negativeTtl }) };
    };
    harness.discovery.snapshot('ships');
    await advanceUntil('asked twice', harness, () => asked.length === 2);
    assert.equal((asked[1] ?? 0) - (asked[0] ?? 0), gapMs);
  }
});

test('of several servers the next is asked when one fails, and stays the first', async (t) => {
  const answers: Zone = { 'A ships.example': { answers: [a('10.0.0.1')] } };
  const [bad, good] = [await zone(t, { 'A ships.example': { code: 2 } }), await zone(t, answers)];
  const servers = `127.0.0.1:${await freePort()},127.0.0.1:${bad.port},127.0.0.1:${good.port}`;
  const harness = follow(t, `dns://${servers}/{service}.example?port=80`);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 10.0.0.1:80*1');
  await advanceUntil('asked again', harness, () => good.questions.length === 4);
  assert.equal(bad.questions.length, 1);
});

test('an alias that goes round in a circle ends, and is told', async (t) => {
  const dns = await zone(t, {
    'A ships.example': { answers: [{ type: 'CNAME', target: 'boats.example' }] },
    'A boats.example': { answers: [{ type: 'CNAME', target: 'ships.example' }] },
  });
  const harness = follow(t, `dns://127.0.0.1:${dns.port}/{service}.example?port=80`);
  harness.discovery.snapshot('ships');
  await advanceUntil('told', harness, () => harness.logger.messages('warn').length === 1);
  assert.match(JSON.stringify(harness.logger.lines), /is an alias of an alias/);
});

test('a URL of names says where they are, and mistakes in it are described', () => {
  for (const [url, problem] of [
    ['dns://127.0.0.1:8600/{service}.service.consul', undefined],
    ['DNS://[::1]:53,10.0.0.2/_http._tcp.{service}.example.', undefined],
    ['dns:///{service}.internal?port=80', undefined],
    ['dns://127.0.0.1:8600', /^names no \{service\}, as in/],
    ['dns:127.0.0.1', /^names no \{service\}/],
    ['dns://127.0.0.1/services', /^names no \{service\}/],
    ['dns://ns.secret/{service}.a', /^names a server by something else than an IP address/],
    ['dns://127.0.0.1:0/{service}.a', /^names a server/],
    ['dns://::1/{service}.a', /^names a server/],
    ['dns://u:secret@127.0.0.1/{service}.a', /^contains a login/],
    ['dns:///{service}..a', /^asks for what is no name in DNS$/],
    ['dns:///{service}/secret', /^asks for what is no name in DNS$/],
    ['dns:///{service}.a?port=0', /^has an invalid port/],
    ['dns:///{service}.a?port=http', /^has an invalid port/],
    ['dns:///{service}.a?ttl=secret', /^has an unknown option after "\?" \(known: port\)$/],
  ] as const) {
    const told = registryUrls.problemOf(url);
    if (problem === undefined) assert.equal(told, undefined, url);
    else assert.match(told ?? '', problem, url);
    assert.doesNotMatch(told ?? '', /secret/);
  }
});
