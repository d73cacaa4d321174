import { hostname } from 'node:os';
import type { Attributes } from '../telemetry/index.ts';
import type { TelemetryConfig } from './otlp-target.ts';
import { readList } from './read-list.ts';

/** Which program this is. */
export interface ProgramIdentity {
  readonly name: string;
  readonly instance: string;
  /** Undefined: not known. */
  readonly version: string | undefined;
}

const anyName = /^[\x21-\x7e]+$/;

/** What is said about this program in everything it sends. `OTEL_RESOURCE_ATTRIBUTES` adds to it, and `OTEL_SERVICE_NAME` wins. */
export function resourceOf(config: TelemetryConfig, program: ProgramIdentity, problems: string[]): Attributes {
  const { entries, wrong } = readList(config.OTEL_RESOURCE_ATTRIBUTES, anyName);
  if (wrong.length > 0)
    problems.push(
      `OTEL_RESOURCE_ATTRIBUTES has entries that are not name=value (${wrong.join(', ')}). They are left out.`,
    );
  return {
    'service.name': program.name,
    'service.instance.id': program.instance,
    'service.version': program.version,
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'telemetry.sdk.name': 'flotilla',
    'telemetry.sdk.language': 'nodejs',
    ...Object.fromEntries(entries),
    ...(config.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': config.OTEL_SERVICE_NAME }),
  };
}
