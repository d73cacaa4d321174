import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldNameId } from '@flotilla/http1';
import { tellsOrigin } from './origin-fields.ts';
import { upstreamRequestFields, upstreamTrailers } from './request-fields.ts';
import { trustRanges } from './trusted-proxies.ts';

const origins: readonly string[] = [
  ...['X-Forwarded-Prefix', 'X-Forwarded-Ssl', 'X-Forwarded-Scheme', 'X-Forwarded-User', 'X-Forwarded-Server'],
  ...['X-Forwarded-By', 'X-Forwarded-Path', 'X-Forwarded-Proto-Version', 'X-Forwarded-Client-Cert', 'X-Forwarded'],
  ...[
    'X-FORWARDED-ANYTHING',
    'Forwarded-For',
    'X-Original-Forwarded-For',
    'X-Vercel-Forwarded-For',
    'X-CF-Forwarded-Url',
  ],
  ...['X-Real-Port', 'X-Original-URL', 'X-Rewrite-URL', 'X-Original-Host', 'X-Original-Method', 'True-Client-IP'],
  ...['X-Client-IP', 'Client-IP', 'X-Cluster-Client-IP', 'CF-Connecting-IP', 'CF-Visitor', 'Fastly-Client-IP'],
  ...['Fastly-SSL', 'Fly-Client-IP', 'X-Envoy-External-Address', 'X-Envoy-Original-Path', 'X-Envoy-Retry-On'],
  ...['X-ProxyUser-Ip', 'WL-Proxy-Client-IP', 'X-Appengine-User-IP', 'X-Azure-ClientIP', 'CloudFront-Viewer-Address'],
  ...['Front-End-Https', 'X-Url-Scheme', 'X-Scheme', 'X-ARR-SSL', 'X-Host', 'X-Script-Name', 'Remote-User'],
  ...['X-Remote-User', 'X-Auth-Request-User', 'X-WebAuth-User', 'X-MS-Client-Principal', 'X-Amzn-Oidc-Data'],
  ...['Client-Cert', 'Client-Cert-Chain', 'X-SSL-Client-Cert', 'SSL-Client-Verify', 'Proxy'],
];

const ordinary: readonly string[] = [
  ...['X-Request-Start', 'CDN-Loop', 'X-Api-Key', 'X-HTTP-Method-Override', 'X-CSRF-Token', 'X-Tenant', 'Accept-CH'],
  ...['X-Amzn-Trace-Id', 'X-B3-TraceId', 'grpc-timeout', 'Prefer', 'DPoP', 'X-Clients', 'Proxied', 'X-Forward'],
];

function sent(names: readonly string[], ranges: readonly string[] = [], connection: readonly string[] = []): string[] {
  const headers = names.flatMap((name) => [name, 'evil']);
  const fieldIds = names.map((name) => fieldNameId(name.toLowerCase()));
  const fields = upstreamRequestFields(
    {
      ...{ method: 'GET', target: '/', host: 'h', scheme: 'http', httpVersion: '1.1', remoteAddress: '203.0.113.9' },
      ...{ headers, fieldIds, connection },
    },
    { requestId: 'r', trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false } },
    { trusted: trustRanges(ranges), via: 'flotilla-1' },
  );
  return fields.filter((_, at) => at % 2 === 0 && fields[at + 1] === 'evil');
}

test('an untrusted peer cannot say where it comes from, in any of the fields that proxies use', () => {
  assert.deepEqual(sent([...origins, ...ordinary]), ordinary);
});

test('a trusted proxy may say all of it', () => {
  assert.deepEqual(sent([...origins, ...ordinary], ['203.0.113.0/24']), [...origins, ...ordinary]);
});

test('no other spelling of such a field passes, whoever sends it', () => {
  const spellings = ['X_Forwarded_Prefix', 'x_forwarded-prefix', 'X.Forwarded.Prefix', 'X-Real.IP', 'X!Original-URL'];
  assert.deepEqual(sent([...spellings, 'X.Ordinary']), ['X.Ordinary']);
  assert.deepEqual(sent(spellings, ['203.0.113.0/24']), []);
  for (const name of spellings.slice(0, 3)) assert.ok(tellsOrigin(name));
});

test('such a field does not pass as a trailer either', () => {
  assert.deepEqual(upstreamTrailers(['X-Forwarded-Prefix', '/x', 'X-Sum', '1', 'x_client_ip', '1']), ['X-Sum', '1']);
});
