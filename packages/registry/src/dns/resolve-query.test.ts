import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import packet, { type RecordType } from 'dns-packet';
import { responseCodes } from './dns-numbers.ts';
import { readQuery } from './read-query.ts';
import { resolveQuery } from './resolve-query.ts';
import type { Endpoint } from './service-lookup.ts';
import type { Answer, DnsRecord } from './write-answer.ts';

function at(address: string, more: Partial<Endpoint> = {}): Endpoint {
  const family = address.includes(':') ? 6 : /^[\d.]+$/.test(address) ? 4 : 0;
  return { address, family, port: 80, weight: 1, tags: new Set(), ...more };
}

const services: Readonly<Record<string, readonly Endpoint[]>> = {
  web: [
    at('10.0.0.1', { tags: new Set(['blue', 'v1.2']) }),
    at('10.0.0.2', { port: 81, weight: 3 }),
    at('2001:db8::1'),
  ],
  my_service: [at('10.0.0.3')],
  'a.b': [at('10.0.0.4')],
  b: [at('10.0.0.5', { tags: new Set(['a']) })],
  six: [at('2001:db8::2')],
  named: [at('web.example.com.'), at('web.example.com.')],
  nobody: [],
  many: Array.from({ length: 3_000 }, (_, index) => at(`10.1.${index >> 8}.${index & 255}`)),
};

type Asked = RecordType | 'ANY';

function ask(name: string, type: Asked = 'A', random = 0.5): Answer {
  // The codec can write ANY, but its types leave it out.
  const questions = [{ name, type: type as RecordType }];
  const query = readQuery(packet.encode({ type: 'query', id: 1, questions }));
  return resolveQuery(query ?? assert.fail('It is a query'), {
    services: { endpoints: (service) => services[service] },
    node: (name) => (name === 'laptop' ? '127.0.0.1' : undefined),
    ownAddress: '127.0.0.1',
    datacenter: 'dc1',
    ttlSeconds: 0,
    serial: () => 2 ** 32 + 7,
    random: () => random,
  });
}

function shown(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.address;
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case 'CNAME':
    case 'NS':
      return record.target;
    case 'SOA':
      return `SOA ${record.serial}`;
    default:
      return record satisfies never;
  }
}

const answers = (name: string, type?: Asked): readonly string[] => ask(name, type).answers.map(shown).sort();

describe('a service', () => {
  it('has the addresses of the asked family, in any case of letters, with or without the datacenter', () => {
    for (const name of ['web.service.consul', 'WEB.Service.CONSUL', 'web.service.dc1.consul', 'web.service.DC1.consul'])
      assert.deepEqual(answers(name), ['10.0.0.1', '10.0.0.2'], name);
    assert.deepEqual(answers('web.service.consul', 'AAAA'), ['2001:db8::1']);
    assert.deepEqual(answers('web.service.consul', 'ANY'), ['10.0.0.1', '10.0.0.2', '2001:db8::1']);
    assert.deepEqual(answers('my_service.service.consul'), ['10.0.0.3']);
  });

  it('has ports and weights as SRV, with a name for each address', () => {
    const { answers: found, additional } = ask('web.service.consul', 'SRV');
    assert.deepEqual(found.map(shown).sort(), [
      '1 1 80 0a000001.addr.dc1.consul',
      '1 1 80 20010db8000000000000000000000001.addr.dc1.consul',
      '1 3 81 0a000002.addr.dc1.consul',
    ]);
    assert.deepEqual(additional.map(shown).sort(), ['10.0.0.1', '10.0.0.2', '2001:db8::1']);
    for (const record of additional)
      assert.deepEqual(answers(record.name, record.type === 'AAAA' ? 'AAAA' : 'A').length, 1);
  });

  it('is chosen by tag, which may have dots, unless its own name has them', () => {
    for (const name of ['blue.web.service.consul', 'v1.2.web.service.consul', 'BLUE.web.service.dc1.consul'])
      assert.deepEqual(answers(name), ['10.0.0.1'], name);
    assert.equal(ask('green.web.service.consul').code, responseCodes.noSuchName);
    assert.deepEqual(answers('a.b.service.consul'), ['10.0.0.4']);
  });

  it('has the form of RFC 2782', () => {
    for (const name of ['_web._tcp.service.consul', '_web._udp.service.dc1.consul'])
      assert.equal(ask(name, 'SRV').answers.length, 3, name);
    assert.deepEqual(ask('_web._blue.service.consul', 'SRV').answers.map(shown), ['1 1 80 0a000001.addr.dc1.consul']);
    assert.deepEqual(answers('_my_service._tcp.service.consul'), ['10.0.0.3']);
  });

  it('with host names is an alias, or their SRV', () => {
    assert.deepEqual(answers('named.service.consul'), ['web.example.com']);
    const { answers: found, additional } = ask('named.service.consul', 'SRV');
    assert.deepEqual(found.map(shown), ['1 1 80 web.example.com', '1 1 80 web.example.com']);
    assert.deepEqual(additional, []);
  });

  it('without an address of that family has nothing; without instances it is no name', () => {
    for (const [name, type, code] of [
      ['six.service.consul', 'A', responseCodes.ok],
      ['web.service.consul', 'TXT', responseCodes.ok],
      ['nobody.service.consul', 'A', responseCodes.noSuchName],
      ['unknown.service.consul', 'A', responseCodes.noSuchName],
      ['web.service.dc2.consul', 'A', responseCodes.noSuchName],
      ['service.consul', 'A', responseCodes.noSuchName],
    ] as const) {
      const answer = ask(name, type);
      assert.deepEqual([answer.code, answer.answers, answer.authority.map(shown)], [code, [], ['SOA 7']], name);
      assert.ok(answer.authoritative);
    }
  });

  it('comes in another order each time, and never with more than fit anywhere', () => {
    const first = ask('web.service.consul', 'A', 0).answers.map(shown);
    const second = ask('web.service.consul', 'A', 0.5).answers.map(shown);
    assert.notDeepEqual(first, second);
    assert.deepEqual([...first].sort(), [...second].sort());
    assert.equal(new Set(answers('many.service.consul')).size, 1_000);
  });
});

describe('other names', () => {
  it('of nodes, addresses and the zone have their addresses', () => {
    assert.deepEqual(answers('laptop.node.consul'), ['127.0.0.1']);
    assert.deepEqual(answers('laptop.node.dc1.consul', 'AAAA'), []);
    assert.equal(ask('other.node.consul').code, responseCodes.noSuchName);
    assert.deepEqual(answers('7f000001.addr.dc1.consul'), ['127.0.0.1']);
    assert.deepEqual(answers('7f000001.addr.dc1.consul', 'AAAA'), []);
    for (const name of ['7f0000.addr.dc1.consul', 'zz000001.addr.dc1.consul', 'addr.dc1.consul'])
      assert.equal(ask(name).code, responseCodes.noSuchName, name);
    assert.deepEqual(answers('consul', 'SOA'), ['SOA 7']);
    assert.deepEqual(answers('consul', 'NS'), ['ns.consul']);
    assert.deepEqual(answers('ns.consul'), ['127.0.0.1']);
  });

  it('of other zones, other classes and whole zones are refused', () => {
    assert.equal(ask('example.com').code, responseCodes.refused);
    assert.equal(ask('consul.example').code, responseCodes.refused);
    assert.equal(ask('consul', 'AXFR').code, responseCodes.refused);
    assert.equal(ask('.').code, responseCodes.refused);
    const chaos = packet.encode({ type: 'query', questions: [{ name: 'web.service.consul', type: 'A', class: 'CH' }] });
    const query = readQuery(chaos) ?? assert.fail('It is a query');
    const nobody = { services: { endpoints: () => undefined }, node: () => undefined, ownAddress: '::1' };
    const rest = { datacenter: 'dc1', ttlSeconds: 0, serial: () => 1, random: () => 0 };
    assert.equal(resolveQuery(query, { ...nobody, ...rest }).code, responseCodes.refused);
  });
});
