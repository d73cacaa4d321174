import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AddressKind,
  addressKind,
  addressSchema,
  announcedAddressSchema,
  clientNetwork,
  normalAddress,
} from './index.ts';

test('an address is an IP address or a host name', () => {
  for (const address of [
    '127.0.0.1',
    '255.255.255.255',
    '::1',
    '2001:db8::1',
    '::ffff:1.2.3.4',
    'localhost',
    'a.b-c.example',
    'x1',
    'project_user-service_1',
    'user-service.shop.svc.cluster.local.',
    '_dns.example',
  ]) {
    assert.ok(addressSchema.safeParse(address).success, address);
  }
  const refused = [
    '',
    ' ',
    '256.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    'http://a',
    'a:80',
    '[::1]',
    '::1%eth0',
    'fe80::1::2',
    '-a',
    'a-',
    'a..b',
    'a b',
    'ü.de',
    `${'a'.repeat(64)}.b`,
    '127.0.0.1\n',
    '127.0.0.1.',
    'a..',
    '.',
    '-a_b',
  ];
  for (const address of refused) assert.ok(!addressSchema.safeParse(address).success, JSON.stringify(address));
});

test('every IP address is accepted, and everything that looks like one is one', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => addressSchema.safeParse(address).success));
  const nearly = fc.string({ maxLength: 20, unit: fc.constantFrom(...'0123456789abf:.'.split('')) });
  fc.assert(
    fc.property(nearly, (text) => {
      const looksLikeOne = text.includes(':') || /(?:^|\.)\d+\.?$/.test(text);
      if (looksLikeOne && addressSchema.safeParse(text).success) assert.notEqual(isIP(text), 0, text);
    }),
    { numRuns: 2000 },
  );
});

test('a name that resolvers read as a number is not an address: nobody sees what it stands for', () => {
  // 127.0.0.1 and 169.254.169.254 in octal, hexadecimal, decimal and short.
  const odd = [
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '2130706433',
    '127.1',
    '0x7f.1',
    '0xa9fea9fe',
    '0XA9.0xFE.43518',
  ];
  for (const address of [...odd, '169.254.43518', '2852039166', 'example.0x', 'web.1', '0x7f.1.']) {
    assert.ok(!addressSchema.safeParse(address).success, address);
  }
});

test('the kind of an address is that of the place it leads to, in every spelling', () => {
  const kinds: Readonly<Record<AddressKind, readonly string[]>> = {
    usable: ['10.0.0.1', '192.0.2.1', '2001:db8::1', 'fd00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'],
    name: ['web', 'web.example.', 'user_service', 'localhost.example', 'xlocalhost'],
    loopback: [
      '127.0.0.1',
      '127.255.0.9',
      '::1',
      '0:0::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      'localhost',
      'LOCALHOST.',
      'a.localhost',
    ],
    'link-local': [
      '169.254.169.254',
      'fe80::1',
      'FEBF::1',
      '::ffff:169.254.0.1',
      '::ffff:a9fe:a9fe',
      '::a9fe:a9fe',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
      '::ffff:0:a9fe:a9fe',
    ],
    metadata: [
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
      'fd00:ec2::254',
      'FD00:0EC2:0::254',
      'fd20:ce::254',
      '::ffff:100.100.100.200',
      'metadata.google.internal.',
    ],
    unspecified: ['0.0.0.0', '0.1.2.3', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0', '::ffff:0:0'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', '::ffff:224.0.0.1'],
    broadcast: ['255.255.255.255', '::ffff:255.255.255.255'],
  };
  for (const [kind, addresses] of Object.entries(kinds))
    for (const address of addresses) assert.equal(addressKind(address), kind, address);
});

test('an unspecified, multicast or broadcast address cannot be announced', () => {
  for (const address of ['0.0.0.0', '::', '::ffff:0.0.0.0', '224.0.0.1', 'ff02::1', '255.255.255.255', 'fe80::1%eth0'])
    assert.ok(!announcedAddressSchema.safeParse(address).success, address);
  for (const address of ['127.0.0.1', '10.0.0.1', 'user_service', '169.254.1.1'])
    assert.ok(announcedAddressSchema.safeParse(address).success, address);
});

test('every spelling of an address has one normal form', () => {
  assert.equal(normalAddress('Web.Example.'), 'web.example');
  assert.equal(normalAddress('0:0:0:0:0:FFFF:10.0.0.1'), '10.0.0.1');
  assert.equal(normalAddress('2001:DB8:0::0:1'), '2001:db8::1');
});

test('every accepted address has a kind', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.string({ unit: fc.constantFrom(...'0123456789abfx:._-'.split('')) }),
  );
  fc.assert(
    fc.property(address, (text) => {
      if (addressSchema.safeParse(text).success) assert.equal(typeof addressKind(text), 'string');
    }),
    { numRuns: 2000 },
  );
});

for (const [address, expected] of [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['2001:db8:1::2:3:4:5', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.7', '1:2:3:4::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
] as const) {
  test(`"${address}" counts as "${expected}"`, () => assert.equal(clientNetwork(address), expected));
}
