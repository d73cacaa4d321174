import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { type Clock, ForeseenError, type Timer } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';

/** Where a certificate and its key are, in PEM. */
export interface CertificateFiles {
  /** The certificate, followed by those that lead to a root. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** What was read from the files, known to belong together. */
export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate or key that can't be used. The message names the file and says what is wrong with it. */
export class CertificateError extends ForeseenError {
  override readonly name: string = 'CertificateError';
}

/**
 * How often the files are looked at. Looking beats being notified: certificates are often swapped by renaming a link
 * several folders above, which no notification about the file tells.
 */
const lookEveryMs = 2_000;

/** A certificate that is read again when its files change. A pair that can't be used is reported and not taken over. */
export class TlsCertificate {
  /** Called with each new pair. */
  onChange: ((pair: KeyPair) => void) | undefined;
  readonly #files: CertificateFiles;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #pair: KeyPair;
  #seen: string;
  #timer: Timer | undefined;
  #closed = false;

  private constructor(files: CertificateFiles, clock: Clock, logger: Logger, pair: KeyPair, seen: string) {
    this.#files = files;
    this.#clock = clock;
    this.#logger = logger;
    this.#pair = pair;
    this.#seen = seen;
    this.#lookLater();
  }

  /**
   * Reads the files for the first time.
   *
   * @throws CertificateError when they can't be read or don't belong together
   */
  static async load(files: CertificateFiles, clock: Clock, logger: Logger): Promise<TlsCertificate> {
    // Looked at before it is read: a change in between is seen again, never missed.
    const seen = await versionOf(files);
    return new TlsCertificate(files, clock, logger, await readKeyPair(files), seen);
  }

  /** What new connections use. */
  get pair(): KeyPair {
    return this.#pair;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Reads the files again if they have changed since they were last looked at. Never rejects. */
  async look(): Promise<void> {
    const { certFile } = this.#files;
    const version = await versionOf(this.#files);
    if (version === this.#seen) return;
    // Also when it can't be used: it is reported once, not each time it is looked at.
    this.#seen = version;
    try {
      const pair = await readKeyPair(this.#files);
      if (this.#closed) return;
      this.#pair = pair;
      this.onChange?.(pair);
      this.#logger.info({ certFile }, 'TLS certificate reloaded');
    } catch (error) {
      this.#logger.error(
        { err: error, certFile },
        'cannot use the changed TLS certificate; still using the previous one',
      );
    }
  }

  #lookLater(): void {
    this.#timer = this.#clock.after(lookEveryMs, () => {
      void this.look().then(() => {
        if (!this.#closed) this.#lookLater();
      });
    });
  }
}

/**
 * Reads a certificate and its key and tries whether they can be used.
 *
 * @throws CertificateError naming the file that can't be read, is none, or does not belong to the other
 */
export async function readKeyPair({ certFile, keyFile }: CertificateFiles): Promise<KeyPair> {
  const [cert, key] = await Promise.all([read(certFile, 'certificate'), read(keyFile, 'key')]);
  const certificate = attempt(`${certFile} holds no certificate in PEM`, () => new X509Certificate(cert));
  const what = `${keyFile} holds no private key in PEM, or one with a passphrase`;
  const privateKey = attempt(what, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(`the key in ${keyFile} does not belong to the certificate in ${certFile}`);
  }
  attempt(`${certFile} with ${keyFile} cannot be used for TLS`, () => createSecureContext({ cert, key }));
  return { cert, key };
}

async function read(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CertificateError(`the ${what} file ${file} cannot be read${reason}`, { cause });
  }
}

function attempt<T>(problem: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    throw new CertificateError(`${problem}${reason}`, { cause });
  }
}

/** Differs whenever the files do. That one is missing is a version of it too. */
async function versionOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const versions = await Promise.all(
    [certFile, keyFile].map((file) =>
      stat(file).then(
        ({ ino, mtimeMs, size }) => `${ino}:${mtimeMs}:${size}`,
        () => 'missing',
      ),
    ),
  );
  return versions.join(' ');
}
