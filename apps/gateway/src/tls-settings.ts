import path from 'node:path';
import { CertificateError, readKeyPair, type TlsOptions } from '@flotilla/gateway';
import { type ConfigOf, ConfigurationError, integer, type Setting, text } from '@flotilla/kit/config';

/** HTTPS is served when all three are given. */
export const tlsSettings: {
  readonly TLS_PORT: Setting<number | undefined>;
  readonly TLS_CERT_FILE: Setting<string | undefined>;
  readonly TLS_KEY_FILE: Setting<string | undefined>;
} = {
  TLS_PORT: integer({ describe: 'Port for HTTPS with HTTP/2', optional: true, min: 0, max: 65_535 }),
  TLS_CERT_FILE: text({
    describe: 'PEM file with the certificate and its chain up to a root; read again when it changes',
    optional: true,
  }),
  TLS_KEY_FILE: text({ describe: 'PEM file with the private key of the certificate', optional: true }),
};

type TlsConfig = ConfigOf<typeof tlsSettings> & { readonly SERVER_PORT: number };

/**
 * Where and with what HTTPS is to be served; undefined: it is not.
 *
 * @throws ConfigurationError when only some of the settings are given, or the files can't be used
 */
export async function loadTls(config: TlsConfig): Promise<TlsOptions | undefined> {
  const { TLS_PORT: port, TLS_CERT_FILE: certificate, TLS_KEY_FILE: key, SERVER_PORT: plainPort } = config;
  if (port === undefined && certificate === undefined && key === undefined) return undefined;
  if (port === undefined || certificate === undefined || key === undefined) {
    const given = { TLS_PORT: port, TLS_CERT_FILE: certificate, TLS_KEY_FILE: key };
    const missing = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [name] : []));
    throw new ConfigurationError(
      `HTTPS needs TLS_PORT, TLS_CERT_FILE and TLS_KEY_FILE, but these are not set: ${missing.join(', ')}. Set all three, or none.`,
    );
  }
  if (port === plainPort && port !== 0) {
    throw new ConfigurationError(`TLS_PORT and SERVER_PORT are both ${port}. Set them to different ports.`);
  }
  const tls = { port, certFile: path.resolve(certificate), keyFile: path.resolve(key) };
  try {
    await readKeyPair(tls);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const advice = 'Set TLS_CERT_FILE and TLS_KEY_FILE to a certificate and its key, or remove all TLS settings.';
    throw new ConfigurationError(`${error.message}. ${advice}`, { cause: error });
  }
  return tls;
}

/** What to say when listening failed because of the port for HTTPS; undefined when it was something else. */
export function explainTlsListenFailure(error: unknown, port: number): ConfigurationError | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('port' in error) || error.port !== port) return undefined;
  const other = 'Set TLS_PORT (or --tls-port) to another port';
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigurationError(`port ${port} is in use.\n${other}, or stop the program that uses it.`);
    case 'EACCES':
      return new ConfigurationError(`this user may not listen on port ${port}.\n${other}, 1024 or higher.`);
    default:
      return undefined;
  }
}
