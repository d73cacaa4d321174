import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryCertificate } from '@flotilla/conformance';
import { explainTlsListenFailure, loadTls } from './tls-settings.ts';

const none = { TLS_PORT: undefined, TLS_CERT_FILE: undefined, TLS_KEY_FILE: undefined, SERVER_PORT: 8080 };

describe('the settings of HTTPS', () => {
  it('are all set or none', async () => {
    assert.equal(await loadTls(none), undefined);
    await assert.rejects(loadTls({ ...none, TLS_PORT: 8443 }), {
      name: 'ConfigurationError',
      message: /not set: TLS_CERT_FILE, TLS_KEY_FILE\. Set all three, or none\./,
    });
    await assert.rejects(loadTls({ ...none, TLS_CERT_FILE: 'a', TLS_KEY_FILE: 'b' }), /not set: TLS_PORT\./);
  });

  it('name usable files and a separate port', async () => {
    await using one = await temporaryCertificate('one');
    const good = { ...none, TLS_PORT: 8443, TLS_CERT_FILE: one.certFile, TLS_KEY_FILE: one.keyFile };
    assert.deepEqual(await loadTls(good), { port: 8443, certFile: one.certFile, keyFile: one.keyFile });
    await assert.rejects(loadTls({ ...good, SERVER_PORT: 8443 }), /both 8443/);
    assert.equal((await loadTls({ ...good, TLS_PORT: 0, SERVER_PORT: 0 }))?.port, 0);
    await assert.rejects(loadTls({ ...good, TLS_KEY_FILE: '/nowhere' }), {
      name: 'ConfigurationError',
      message: /^the key file \/nowhere cannot be read \(ENOENT\)\. Set TLS_CERT_FILE/,
    });
  });

  it('are named when their port cannot be used, and only then', () => {
    const inUse = (port: number): Error => Object.assign(new Error('in use'), { code: 'EADDRINUSE', port });
    assert.match(explainTlsListenFailure(inUse(8443), 8443)?.message ?? '', /^port 8443 is in use\.\nSet TLS_PORT/);
    assert.equal(explainTlsListenFailure(inUse(8080), 8443), undefined);
    assert.equal(explainTlsListenFailure(new Error('other'), 8443), undefined);
  });
});
