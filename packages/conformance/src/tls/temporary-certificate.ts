import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate for `localhost`, signed by itself, in a folder that goes when it is disposed of. */
export interface TemporaryCertificate extends AsyncDisposable {
  readonly certFile: string;
  readonly keyFile: string;
  /** Puts another certificate with this common name, and its key, in the place of the files. */
  replace(commonName: string): Promise<void>;
  /** Puts text in the place of the certificate, or takes it away. */
  spoil(text: string | undefined): Promise<void>;
}

/** Needs the program `openssl`. */
export async function temporaryCertificate(commonName: string): Promise<TemporaryCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-tls-'));
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  const make = async (name: string, cert: string, key: string): Promise<void> => {
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const who = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    await run('openssl', ['req', ...kind, ...who, '-keyout', key, '-out', cert]);
  };
  await make(commonName, certFile, keyFile);
  return {
    certFile,
    keyFile,
    async replace(name) {
      const [cert, key] = [join(folder, 'next-cert.pem'), join(folder, 'next-key.pem')];
      await make(name, cert, key);
      await copyFile(cert, certFile);
      await copyFile(key, keyFile);
    },
    async spoil(text) {
      if (text === undefined) await rm(certFile);
      else await writeFile(certFile, text);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
