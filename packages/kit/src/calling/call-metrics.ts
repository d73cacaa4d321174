import type { Endpoint } from '@flotilla/contracts';
import type { CallResult } from '../client/index.ts';
import type { Metrics } from '../telemetry/index.ts';

/** An attempt that is over. */
export interface MeasuredCall {
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly durationMs: number;
  readonly result: CallResult<unknown>;
}

/** Measures attempts of calls over HTTP: `http.client.request.duration`. */
export function callMetrics(metrics: Metrics): (call: MeasuredCall) => void {
  const durations = metrics.histogram({
    name: 'http_client_request_duration_seconds',
    help: 'Duration of HTTP client requests.',
    labels: ['http_request_method', 'server_address', 'server_port', 'http_response_status_code', 'error_type'],
  });
  return ({ endpoint, method, durationMs, result }) => {
    const status = result.kind === 'ok' || result.kind === 'status' ? String(result.status) : '';
    const failed = result.kind === 'status' ? result.status >= 400 : result.kind !== 'ok';
    const errorType = failed ? (status === '' ? result.kind : status) : '';
    durations.labels(method, endpoint.address, String(endpoint.port), status, errorType).observe(durationMs / 1_000);
  };
}
