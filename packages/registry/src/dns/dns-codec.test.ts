import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import packet, { type Packet } from 'dns-packet';
import fc from 'fast-check';
import { responseCodes } from './dns-numbers.ts';
import { type Query, readQuery } from './read-query.ts';
import { type Answer, addressBytes, type DnsRecord, writeAnswer } from './write-answer.ts';

function asked(name: string, type: 'A' | 'AAAA' | 'SRV' = 'A', more: Partial<Packet> = {}): Buffer {
  return packet.encode({ type: 'query', id: 7, flags: packet.RECURSION_DESIRED, questions: [{ type, name }], ...more });
}

function read(message: Uint8Array): Query {
  return readQuery(message) ?? assert.fail('It is to be answered');
}

const found = (answers: readonly DnsRecord[], additional: readonly DnsRecord[] = []): Answer => ({
  code: responseCodes.ok,
  authoritative: true,
  answers,
  authority: [],
  additional,
});

describe('readQuery', () => {
  it('reads the name in small letters, and keeps it as it was written', () => {
    const { id, question, edns, problem, recursionDesired } = read(asked('wEb.SERVICE.consul', 'SRV'));
    assert.deepEqual([id, problem, edns, recursionDesired], [7, undefined, undefined, true]);
    assert.deepEqual([question?.labels, question?.type], [['web', 'service', 'consul'], 33]);
    assert.match(Buffer.from(question?.bytes ?? []).toString('latin1'), /wEb.SERVICE/);
  });

  it('reads how much the client takes', () => {
    const additionals = [{ type: 'OPT', name: '.', udpPayloadSize: 4_096 }] as Packet['additionals']; // Its types ask for more.
    assert.deepEqual(read(asked('a.consul', 'A', { additionals: additionals ?? [] })).edns, { udpBytes: 4_096 });
  });

  it('answers no answer and nothing without an id', () => {
    assert.equal(readQuery(packet.encode({ type: 'response', id: 1, questions: [] })), undefined);
    for (let length = 0; length < 12; length += 1)
      assert.equal(readQuery(asked('a.consul').subarray(0, length)), undefined);
  });

  it('refuses what it cannot read', () => {
    const message = asked('web.service.consul');
    for (let length = 12; length < message.length; length += 1)
      assert.equal(read(message.subarray(0, length)).problem, responseCodes.formatError, String(length));
    const pointing = Buffer.from(message);
    pointing[12] = 0xc0;
    assert.equal(read(pointing).problem, responseCodes.formatError);
    const twice = packet.encode({
      type: 'query',
      questions: [
        { type: 'A', name: 'a' },
        { type: 'A', name: 'b' },
      ],
    });
    assert.equal(read(twice).problem, responseCodes.formatError);
    const update = Buffer.from(message);
    update[2] = 5 << 3;
    assert.equal(read(update).problem, responseCodes.notImplemented);
  });

  it('never throws, whatever comes, and what it makes of that can be answered', () => {
    const changed = fc.tuple(fc.nat(60), fc.nat(255));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.array(changed, { maxLength: 5 })), (sent) => {
        const message = sent instanceof Uint8Array ? sent : Buffer.from(asked('_web._tcp.service.consul', 'SRV'));
        if (!(sent instanceof Uint8Array)) for (const [at, byte] of sent) if (at < message.length) message[at] = byte;
        const query = readQuery(message);
        if (query === undefined) return;
        const answer = writeAnswer(query, { ...found([]), code: query.problem ?? responseCodes.refused }, 512);
        assert.equal(answer.readUInt16BE(0), query.id);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the same names and types as another codec', () => {
    const label = fc.string({ minLength: 1, maxLength: 63, unit: fc.constantFrom(...'abz019-_'.split('')) });
    const type = fc.constantFrom('A' as const, 'AAAA' as const, 'SRV' as const);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), type, (labels, wanted) => {
        const { question } = read(asked(labels.join('.'), wanted));
        assert.deepEqual(question?.labels, labels);
        assert.equal(question.type, { A: 1, AAAA: 28, SRV: 33 }[wanted]);
      }),
    );
  });
});

describe('writeAnswer', () => {
  const name = 'web.service.consul';
  const address = (index: number): DnsRecord => ({
    name,
    ttlSeconds: 0,
    type: 'A',
    address: `10.0.${index >> 8}.${index & 255}`,
  });

  it('writes what another codec reads, with the letters of the question', () => {
    const query = read(asked('WEB.Service.consul', 'SRV'));
    const target = '0a000001.addr.dc1.consul';
    const records: DnsRecord[] = [
      { name, ttlSeconds: 5, type: 'SRV', priority: 1, weight: 3, port: 80, target },
      { name, ttlSeconds: 5, type: 'CNAME', target: 'example.com' },
      { name: 'consul', ttlSeconds: 0, type: 'SOA', server: 'ns.consul', mailbox: 'hostmaster.consul', serial: 7 },
    ];
    const more: DnsRecord[] = [
      { name: target, ttlSeconds: 0, type: 'A', address: '10.0.0.1' },
      { name: target, ttlSeconds: 0, type: 'AAAA', address: '2001:db8::1' },
    ];
    const decoded = packet.decode(writeAnswer(query, found(records, more), 4_096));
    assert.equal(decoded.id, 7);
    assert.equal(decoded.questions?.[0]?.name, 'WEB.Service.consul');
    const shown = [...(decoded.answers ?? []), ...(decoded.additionals ?? [])].map((record) => [
      record.name,
      record.type,
      'data' in record ? record.data : undefined,
    ]);
    assert.deepEqual(shown, [
      ['WEB.Service.consul', 'SRV', { priority: 1, weight: 3, port: 80, target }],
      ['WEB.Service.consul', 'CNAME', 'example.com'],
      [
        'consul',
        'SOA',
        {
          ...{ mname: 'ns.consul', rname: 'hostmaster.consul', serial: 7 },
          ...{ refresh: 3_600, retry: 600, expire: 86_400, minimum: 0 },
        },
      ],
      [target, 'A', '10.0.0.1'],
      [target, 'AAAA', '2001:db8::1'],
    ]);
  });

  it('leaves out what does not fit and says so', () => {
    const query = read(asked(name));
    const all = Array.from({ length: 300 }, (_, index) => address(index));
    for (const maxBytes of [512, 1_232, 65_535]) {
      const bytes = writeAnswer(query, found(all), maxBytes);
      assert.ok(bytes.length <= maxBytes);
      const decoded = packet.decode(bytes);
      const count = decoded.answers?.length ?? 0;
      assert.equal(decoded.flag_tc, count < 300);
      assert.equal(count, Math.min(300, Math.floor((maxBytes - 36) / 16)));
    }
  });

  it('leaves out what only spares a question without a word', () => {
    const query = read(asked(name));
    const bytes = writeAnswer(
      query,
      found(
        [address(1)],
        Array.from({ length: 100 }, (_, index) => address(index)),
      ),
      512,
    );
    const decoded = packet.decode(bytes);
    assert.equal(decoded.flag_tc, false);
    assert.ok((decoded.additionals?.length ?? 0) < 100);
  });

  it('says what it takes itself to a client that says so', () => {
    const additionals = [{ type: 'OPT', name: '.', udpPayloadSize: 512 }] as Packet['additionals']; // Its types ask for more.
    const query = read(asked(name, 'A', { additionals: additionals ?? [] }));
    const all = Array.from({ length: 300 }, (_, index) => address(index));
    const bytes = writeAnswer(query, found(all), 512);
    assert.ok(bytes.length <= 512);
    const [opt] = packet.decode(bytes).additionals ?? [];
    assert.equal(opt?.type === 'OPT' && opt.udpPayloadSize, 1_232);
  });
});

it('addresses have the same bytes however they are written', () => {
  assert.deepEqual(addressBytes('10.0.0.255'), [10, 0, 0, 255]);
  const long = '2001:0db8:0:0:0:0:0:1';
  for (const text of ['2001:db8::1', long]) assert.deepEqual(addressBytes(text).slice(0, 4), [0x20, 1, 0xd, 0xb8]);
  assert.equal(addressBytes('::').length, 16);
  assert.deepEqual(addressBytes('::1').at(-1), 1);
  assert.deepEqual(addressBytes('::ffff:1.2.3.4').slice(10), [255, 255, 1, 2, 3, 4]);
});
