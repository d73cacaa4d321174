import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { FakeClock, recordingLogger, waitUntil } from '@flotilla/testing';
import { findAnnouncedAddress, waitForAnnouncedAddress } from './announced-address.ts';
import { type FoundAddress, ownAddress, sourceAddress } from './source-address.ts';

const settings = { ADVERTISE_ADDRESS: undefined, SERVER_HOST: '0.0.0.0', REGISTRY_URL: 'http://registry.example:8500' };

/** The machine's own addresses that others could reach; none in a container without a network. */
function outerAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all
    .filter(({ internal, address }) => !internal && !/^(?:fe80|169\.254)/i.test(address))
    .map(({ address }) => address);
}

describe('the address from which the system connects to a host', () => {
  it('is one of this machine, IPv4 or IPv6', async (t) => {
    const own = outerAddresses();
    if (own.length === 0) t.skip('this machine has no network');
    for (const host of own)
      assert.deepEqual(await sourceAddress({ host, port: 8500 }), { kind: 'found', address: host });
  });

  it('is none if only this machine, or only the local link, could reach it', async () => {
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      const found = await sourceAddress({ host, port: 8500 });
      assert.match(found.kind === 'none' ? found.why : found.address, /only this machine can reach|there is no route/);
    }
    const name = await ownAddress('localhost');
    assert.match(
      name.kind === 'none' ? name.why : name.address,
      /localhost resolves to .*, which only this machine can reach/,
    );
  });

  it('is none, with the reason, while there is no route', async () => {
    const unknown = await sourceAddress({ host: 'registry.invalid', port: 8500 });
    assert.match(unknown.kind === 'none' ? unknown.why : unknown.address, /registry\.invalid cannot be resolved \(E/);
    const everybody = await sourceAddress({ host: '255.255.255.255', port: 8500 });
    // Systems differ in what they say of it; none has an address of its own to reach everybody from.
    const said = everybody.kind === 'none' ? everybody.why : everybody.address;
    assert.match(said, /there is no route to 255|is not an address of this machine/);
  });
});

describe('an instance whose address is not known yet', () => {
  it('waits for it, and logs once why', async () => {
    const clock = new FakeClock();
    const logger = recordingLogger();
    const answers = ['no name', 'no name', 'no network'];
    const find = (): FoundAddress => {
      const why = answers.shift();
      return why === undefined ? { kind: 'found', address: '10.0.0.7' } : { kind: 'none', why };
    };
    const waiting = waitForAnnouncedAddress(find, { clock, logger, signal: new AbortController().signal });
    for (let left = 3; left > 0; left -= 1) {
      await waitUntil('it waits', () => answers.length === left - 1 && clock.pendingDelaysMs.length === 1);
      clock.advance(2_000);
    }
    assert.equal(await waiting, '10.0.0.7');
    const said = logger.lines.map(({ fields }) => fields['reason'] ?? fields['address']);
    assert.deepEqual(said, ['no name', 'no network', '10.0.0.7']);
  });

  it('is not waited for by a stopping program', async () => {
    const clock = new FakeClock();
    const stopping = new AbortController();
    const logger = recordingLogger();
    const find = (): FoundAddress => ({ kind: 'none', why: 'x' });
    const waiting = waitForAnnouncedAddress(find, { clock, logger, signal: stopping.signal });
    stopping.abort();
    assert.equal(await waiting, undefined);
  });

  it('takes it from where it listens, if that is enough', () => {
    assert.deepEqual(findAnnouncedAddress({ ...settings, SERVER_HOST: '10.0.0.7' }), {
      kind: 'found',
      address: '10.0.0.7',
    });
  });
});
