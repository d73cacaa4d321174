import { addressKind } from '@flotilla/contracts';
import { ConfigurationError, durationMs, integer, type Setting, text, url } from '@flotilla/kit/config';

interface DashboardConfig {
  readonly SERVER_HOST: string;
  readonly DASHBOARD_TOKEN: string | undefined;
  readonly FLEET_FOLDER: string | undefined;
  readonly GATEWAY_URL: string;
  readonly GATEWAY_ADMIN_URL: string | undefined;
  readonly OTLP_HTTP_PORT: number;
  readonly OTLP_GRPC_PORT: number;
  readonly TELEMETRY_MAX_BYTES: number;
  readonly TELEMETRY_MAX_AGE_MS: number;
}

/** The settings of the dashboard in addition to the common ones. */
export const dashboardSettings: { readonly [K in keyof DashboardConfig]: Setting<DashboardConfig[K]> } = {
  // Whatever registry it reads, nobody else reaches it unless somebody says so.
  SERVER_HOST: text({
    describe: 'Address to listen on; with any other than 127.0.0.1 DASHBOARD_TOKEN is needed',
    local: 'It is different for each instance.',
    default: '127.0.0.1',
    maxLength: 253,
    pattern: /^[A-Za-z0-9._:-]+$/,
    expects: 'an IP address or a host name without scheme or port',
    example: '0.0.0.0',
  }),
  DASHBOARD_TOKEN: text({
    describe:
      'What a person shows at /login, and a program as "Authorization: Bearer". Needed if SERVER_HOST lets other machines reach the dashboard. Unset: everybody on this machine may use it',
    optional: true,
    secret: true,
    local: 'It is a secret of the dashboard alone.',
    pattern: /^[\x21-\x7e]{16,256}$/,
    expects: '16 to 256 visible ASCII characters without spaces',
    example: 'a-long-random-text',
  }),
  FLEET_FOLDER: text({
    describe:
      'Folder of the project whose running fleet is shown and controlled; "flotilla up" sets it. Unset: programs can only be looked at',
    optional: true,
    local: 'It is a folder of this machine.',
    example: '/srv/shop',
  }),
  GATEWAY_URL: url({
    describe: 'Where the gateway is, for its routes and for requests to try; "flotilla up" sets it',
    protocols: ['http', 'https'],
    default: 'http://127.0.0.1:8080',
  }),
  GATEWAY_ADMIN_URL: url({
    describe:
      'The gateway\'s port for operators, if it has one (its ADMIN_PORT); "flotilla up" sets it. Unset: GATEWAY_URL',
    protocols: ['http', 'https'],
    optional: true,
    example: 'http://127.0.0.1:9100',
  }),
  OTLP_HTTP_PORT: integer({
    describe:
      'TCP port where programs that do not know the dashboard send OTLP over HTTP, which SERVER_PORT takes too; 0: none. If it is in use, the dashboard starts without it',
    local: 'It is different for each instance.',
    default: 4318,
    min: 0,
    max: 65_535,
  }),
  OTLP_GRPC_PORT: integer({
    describe:
      'TCP port where programs on this machine send OTLP over gRPC; 0: none. If it is in use, the dashboard starts without it',
    local: 'It is different for each instance.',
    default: 4317,
    min: 0,
    max: 65_535,
  }),
  TELEMETRY_MAX_BYTES: integer({
    describe: 'How large the file with traces, logs and metrics may become, in bytes; the oldest of it goes first',
    default: 268_435_456,
    min: 16_777_216,
    max: 1_099_511_627_776,
  }),
  TELEMETRY_MAX_AGE_MS: durationMs({
    describe: 'How long traces, logs and metrics are kept at most',
    default: 86_400_000,
    min: 60_000,
    max: 2_592_000_000,
  }),
};

/** @throws {ConfigurationError} when other machines reach the dashboard, and it asks nobody for a token */
export function requireToken(config: {
  readonly SERVER_HOST: string;
  readonly DASHBOARD_TOKEN: string | undefined;
}): void {
  if (config.DASHBOARD_TOKEN !== undefined || addressKind(config.SERVER_HOST) === 'loopback') return;
  throw new ConfigurationError(
    `SERVER_HOST ${config.SERVER_HOST} lets other machines reach the dashboard, and anyone there could read what the programs do, and stop them. Set DASHBOARD_TOKEN to at least 16 random characters, for example: DASHBOARD_TOKEN=$(openssl rand -hex 16); or SERVER_HOST=127.0.0.1.`,
  );
}
