import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AddressSettings, type Announcement, announcement } from './announcement.ts';

const remote = 'http://10.0.0.5:8500';

function announced(change: Partial<AddressSettings>): Announcement {
  const settings = { ADVERTISE_ADDRESS: undefined, SERVER_HOST: '0.0.0.0', REGISTRY_URL: 'http://127.0.0.1:8500' };
  return announcement({ ...settings, ...change });
}

describe('the announced address', () => {
  it('is where the program listens, if that is a real address', () => {
    for (const host of ['10.0.0.7', 'fd00::7', '127.0.0.5', 'localhost'])
      assert.deepEqual(announced({ SERVER_HOST: host }), { kind: 'address', address: host });
    assert.deepEqual(announced({ SERVER_HOST: '10.0.0.7', REGISTRY_URL: remote }), {
      kind: 'address',
      address: '10.0.0.7',
    });
    assert.deepEqual(announced({ SERVER_HOST: 'box', REGISTRY_URL: remote }), { kind: 'look-up', name: 'box' });
  });

  it('is loopback only if every registry is on this machine', () => {
    for (const url of [
      'http://localhost',
      'http://[::1]:8500',
      'http://[::ffff:127.0.0.1]:8500',
      'http://0.0.0.0:8500',
    ])
      assert.deepEqual(announced({ REGISTRY_URL: url }), { kind: 'address', address: '127.0.0.1' }, url);
    const asked = (REGISTRY_URL: string): unknown => announced({ REGISTRY_URL });
    assert.deepEqual(asked(remote), { kind: 'ask', registry: { host: '10.0.0.5', port: 8500 } });
    assert.deepEqual(asked(`http://localhost:8500, ${remote}`), {
      kind: 'ask',
      registry: { host: '10.0.0.5', port: 8500 },
    });
    assert.deepEqual(asked('https://[fd00::5]'), { kind: 'ask', registry: { host: 'fd00::5', port: 443 } });
    assert.deepEqual(asked('http://registry'), { kind: 'ask', registry: { host: 'registry', port: 80 } });
  });

  it('is the configured one, unless callers of a remote registry could not reach it', () => {
    assert.deepEqual(announced({ ADVERTISE_ADDRESS: 'a.example', REGISTRY_URL: remote }), {
      kind: 'address',
      address: 'a.example',
    });
    const sidecar = { ADVERTISE_ADDRESS: '10.0.0.7', SERVER_HOST: '127.0.0.1', REGISTRY_URL: remote };
    assert.deepEqual(announced(sidecar), { kind: 'address', address: '10.0.0.7' });
    for (const change of [
      { ADVERTISE_ADDRESS: '127.0.0.1' },
      { ADVERTISE_ADDRESS: 'localhost' },
      { SERVER_HOST: '127.0.0.1' },
      { SERVER_HOST: 'fe80::1' },
    ]) {
      const how = announced({ ...change, REGISTRY_URL: remote });
      assert.match(
        how.kind === 'wrong' ? how.message : how.kind,
        /cannot reach this program there\. Set SERVER_HOST to 0\.0\.0\.0/,
      );
    }
  });
});
