import { type CheckDefinition, type CheckStatus, checkDefinitionSchema, checkStatuses } from '@flotilla/contracts';
import type { JsonObject } from '../../record/json-object.ts';
import type { WantedCheck } from '../../write/check-changes.ts';
import { type Shape, type StructShape, struct } from '../base/go-json.ts';
import { Refusal } from '../base/refusal.ts';
import { checkOf } from '../shapes/instance-name.ts';
import { textIn } from '../shapes/service-extra.ts';

/** A check in the body of a registration. */
export const checkFieldShapes: Readonly<Record<string, Shape>> = {
  CheckID: 'string',
  ID: 'string',
  Name: 'string',
  Status: 'string',
  Notes: 'string',
  TTL: 'duration',
  Interval: 'duration',
  Timeout: 'duration',
  DeregisterCriticalServiceAfter: 'duration',
  HTTP: 'string',
  Method: 'string',
  Header: { mapOf: { listOf: 'string' } },
  Body: 'string',
  DisableRedirects: 'bool',
  TCP: 'string',
  TCPUseTLS: 'bool',
  GRPC: 'string',
  GRPCUseTLS: 'bool',
  TLSServerName: 'string',
  TLSSkipVerify: 'bool',
  SuccessBeforePassing: 'int',
  FailuresBeforeWarning: 'int',
  FailuresBeforeCritical: 'int',
  OutputMaxSize: 'int',
  Args: { listOf: 'string' },
  ScriptArgs: { listOf: 'string' },
  Script: 'string',
  Shell: 'string',
  DockerContainerID: 'string',
  AliasNode: 'string',
  AliasService: 'string',
  UDP: 'string',
  H2PING: 'string',
  H2PingUseTLS: 'bool',
  OSService: 'string',
  SessionName: 'string',
  Namespace: 'string',
  Partition: 'string',
  ProxyHTTP: 'string',
  ProxyGRPC: 'string',
  // What clients send along that has no meaning here.
  Output: 'string',
  ServiceID: 'string',
  Token: 'string',
};
export const checkShape: StructShape = struct('CheckType', checkFieldShapes);

/** Shorter times are lengthened to this: Consul does so with intervals. In milliseconds. */
const shortestMs = 1_000;
/** Longer times are not counted. In milliseconds. */
const longestMs = 86_400_000;

const unsupported = ['AliasNode', 'UDP', 'H2PING', 'OSService'] as const;

/**
 * The check that a body asks for.
 *
 * @param fallback its id and name if it gives none
 * @throws {Refusal} 400
 */
export function wantedCheck(body: JsonObject, fallback: { readonly id: string; readonly name: string }): WantedCheck {
  const text = (name: string): string => textIn(body, name);
  return {
    check: checkOf(text('CheckID') || text('ID') || fallback.id),
    title: (text('Name') || fallback.name).slice(0, 256),
    ...(text('Notes') === '' ? {} : { notes: text('Notes').slice(0, 1_024) }),
    status: statusOf(text('Status')),
    definition: definitionOf(body),
    // Consul's are well until something else is known.
    ...(isGiven(body['AliasService']) && text('Status') === '' ? { status: 'passing' as const } : {}),
  };
}

function statusOf(given: string): CheckStatus {
  if (given === '') return 'critical';
  const status = checkStatuses.find((known) => known === given);
  if (status !== undefined) return status;
  throw new Refusal(400, "Status for checks must 'passing', 'warning', 'critical'");
}

/** Undefined: it takes reports, and stays as it is without. */
function definitionOf(body: JsonObject): CheckDefinition | undefined {
  if (['Script', 'ScriptArgs', 'Args', 'DockerContainerID'].some((name) => isGiven(body[name])))
    throw new Refusal(
      400,
      "Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true",
    );
  const other = unsupported.find((name) => isGiven(body[name]));
  if (other !== undefined)
    throw invalid(`${other} checks are not supported by this registry. Use TTL, HTTP, TCP or GRPC`);
  // What it says is found out by who follows the other service.
  if (isGiven(body['AliasService'])) return undefined;
  const ms = (name: string): number => Number(body[name] ?? 0);
  const rules = { ...thresholdsOf(body), ...deregistrationOf(ms('DeregisterCriticalServiceAfter')) };
  const probed = [body['HTTP'], body['TCP'], body['GRPC']].filter(isGiven).length;
  if (probed + (ms('TTL') > 0 ? 1 : 0) > 1) throw invalid('Interval and TTL cannot both be specified');
  if (probed === 0) {
    if (ms('TTL') <= 0) throw invalid('TTL must be > 0 for TTL checks');
    if (ms('TTL') > longestMs) return undefined;
    return validated({ type: 'ttl', ttl_ms: span(ms('TTL')), ...rules });
  }
  if (ms('Interval') <= 0) throw invalid('Interval must be > 0 for Script, HTTP, or TCP checks');
  const interval = span(ms('Interval'));
  const timing = {
    interval_ms: interval,
    ...(ms('Timeout') > 0 ? { timeout_ms: Math.min(Math.ceil(ms('Timeout')), longestMs) } : {}),
  };
  return validated({ ...probeOf(body), ...timing, ...rules });
}

function probeOf(body: JsonObject): object {
  const skip = body['TLSSkipVerify'] === true ? { tls_skip_verify: true } : {};
  if (isGiven(body['HTTP'])) {
    const method = textIn(body, 'Method').toUpperCase();
    return {
      type: 'http',
      url: body['HTTP'],
      ...(method === '' ? {} : { method }),
      ...(isGiven(body['Header']) ? { headers: body['Header'] } : {}),
      ...(isGiven(body['Body']) ? { body: body['Body'] } : {}),
      ...skip,
    };
  }
  if (isGiven(body['TCP'])) return { type: 'tcp', ...placeOf(textIn(body, 'TCP')) };
  const [place = '', ...service] = textIn(body, 'GRPC').split('/');
  return {
    type: 'grpc',
    ...placeOf(place),
    ...(service.length === 0 ? {} : { service: service.join('/') }),
    ...(body['GRPCUseTLS'] === true ? { tls: true } : {}),
    ...skip,
  };
}

function placeOf(text: string): { readonly address: string; readonly port: number } {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  if (found === null) throw invalid(`${JSON.stringify(text.slice(0, 100))} is not of the form host:port`);
  // Without a host Go connects to the machine itself.
  return { address: found[1] ?? (found[2] || '127.0.0.1'), port: Number(found[3]) };
}

/** Consul's defaults are the first failure and the first success. */
function thresholdsOf(body: JsonObject): object {
  const count = (name: string): number => Math.min(Number(body[name] ?? 0), 100);
  const warning = count('FailuresBeforeWarning');
  return {
    failures_before_critical: Math.max(1, count('FailuresBeforeCritical')),
    successes_before_passing: Math.max(1, count('SuccessBeforePassing')),
    ...(warning > 0 ? { failures_before_warning: warning } : {}),
  };
}

/** Rather never than sooner than asked for. */
function deregistrationOf(ms: number): object {
  return ms <= 0 || ms > longestMs ? {} : { deregister_after_ms: span(ms) };
}

function span(ms: number): number {
  return Math.round(Math.min(Math.max(ms, shortestMs), longestMs));
}

function validated(definition: object): CheckDefinition {
  const parsed = checkDefinitionSchema.safeParse(definition);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw invalid(`cannot use ${fields}`);
}

function invalid(why: string): Refusal {
  return new Refusal(400, `Invalid check: ${why}`);
}

function isGiven(value: JsonObject[string] | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
