import { authorityOf } from '@flotilla/contracts/endpoint';
import { callableHost } from './callable-host.ts';
import type { PlacedSpec } from './placed-spec.ts';

/** Where telemetry may be sent; whoever has set one of them sends it elsewhere. */
const endpoints: readonly string[] = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
];

/**
 * What makes a program send what it does to the fleet's dashboard, in the names of OpenTelemetry, so that programs in any language
 * understand it. Sooner than OpenTelemetry's defaults: a person looks.
 */
export function telemetryEnvironment(
  { name, program, settings }: PlacedSpec,
  placed: readonly PlacedSpec[],
): Readonly<Record<string, string>> {
  const dashboard = placed.find((each) => each.program.role === 'dashboard');
  if (dashboard?.port === undefined || endpoints.some((each) => settings.find(each) !== undefined)) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${authorityOf({ address: '127.0.0.1', port: dashboard.port })}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
    OTEL_BSP_SCHEDULE_DELAY: '500',
    OTEL_BLRP_SCHEDULE_DELAY: '500',
    // Our own know who they are.
    ...(program.launch.kind === 'node' && program.health === undefined
      ? {}
      : { OTEL_SERVICE_NAME: program.name, OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${name}` }),
  };
}

/** What tells the dashboard where to look. `folder`: the project, where the supervisor leaves how to ask it. */
export function dashboardEnvironment(
  placed: readonly PlacedSpec[],
  folder: string | undefined,
): Readonly<Record<string, string>> {
  const gateway = placed.find(({ program }) => program.role === 'gateway');
  const admin = gateway?.further.find(({ of }) => of.setting === 'ADMIN_PORT');
  return {
    ...(folder === undefined ? {} : { FLEET_FOLDER: folder }),
    ...(gateway?.port === undefined ? {} : { GATEWAY_URL: urlOf(gateway, 'SERVER_HOST', gateway.port) }),
    ...(gateway === undefined || admin === undefined
      ? {}
      : { GATEWAY_ADMIN_URL: urlOf(gateway, 'ADMIN_HOST', admin.port) }),
  };
}

function urlOf({ settings }: PlacedSpec, hostSetting: string, port: number): string {
  return `http://${authorityOf({ address: callableHost(settings.find(hostSetting)?.value), port })}`;
}
