import { connect } from 'node:tls';
import type { Clock } from '@flotilla/contracts';
import type { CertificateFacts } from './facts.ts';

const timeoutMs = 3_000;

/** The certificate that a server shows; whether it is trusted makes no difference. Rejects if the server cannot be reached. */
export function certificateOf({ hostname, port }: URL, clock: Clock): Promise<CertificateFacts> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const at = Number(port === '' ? 443 : port);
  return new Promise((resolve, reject) => {
    // Names of hosts are no addresses: TLS takes only names for what it asks the server for.
    const servername = /^[\d.]+$|:/.test(host) ? '' : host;
    const socket = connect({ host, port: at, servername, rejectUnauthorized: false });
    const timer = clock.after(timeoutMs, () => socket.destroy(new Error(`${host}:${at} does not answer`)));
    socket.once('secureConnect', () => {
      const endsMs = Date.parse(socket.getPeerCertificate().valid_to);
      if (Number.isNaN(endsMs)) reject(new Error(`${host}:${at} shows no certificate`));
      else resolve({ subject: `${hostname}:${at}`, endsMs });
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      timer.cancel();
      reject(new Error(`${host}:${at} closed the connection`));
    });
  });
}
