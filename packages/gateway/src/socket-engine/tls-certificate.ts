import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Clock, Timer } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';

/** Where a certificate and its key are, in PEM. */
export interface CertificateFiles {
  /** The certificate, followed by those that lead to a root. */
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * How often the files are looked at. Looking beats being notified: certificates are often swapped by renaming a link
 * several folders above, which no notification about the file tells.
 */
const lookEveryMs = 2_000;

/** A certificate that is read again when its files change. A pair that can't be used is reported and not taken over. */
export class TlsCertificate {
  readonly #files: CertificateFiles;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #context: SecureContext;
  #seen: string;
  #timer: Timer | undefined;
  #closed = false;

  private constructor(files: CertificateFiles, clock: Clock, logger: Logger, context: SecureContext, seen: string) {
    this.#files = files;
    this.#clock = clock;
    this.#logger = logger;
    this.#context = context;
    this.#seen = seen;
    this.#lookLater();
  }

  /** Reads the files for the first time. Rejects when they can't be read or don't belong together. */
  static async load(files: CertificateFiles, clock: Clock, logger: Logger): Promise<TlsCertificate> {
    const seen = await versionOf(files);
    return new TlsCertificate(files, clock, logger, await contextOf(files), seen);
  }

  /** What new connections use. */
  get context(): SecureContext {
    return this.#context;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Reads the files again if they have changed since they were last read. */
  async look(): Promise<void> {
    const { certFile } = this.#files;
    try {
      const version = await versionOf(this.#files);
      if (version === this.#seen) return;
      this.#seen = version;
      this.#context = await contextOf(this.#files);
      this.#logger.info({ certFile }, 'the TLS certificate was read again');
    } catch (error) {
      this.#logger.error({ err: error, certFile }, 'the changed TLS certificate can not be used; the one before stays');
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

async function contextOf({ certFile, keyFile }: CertificateFiles): Promise<SecureContext> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  return createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
}

async function versionOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const files = await Promise.all([stat(certFile), stat(keyFile)]);
  return files.map((file) => `${file.ino}:${file.mtimeMs}:${file.size}`).join(' ');
}
