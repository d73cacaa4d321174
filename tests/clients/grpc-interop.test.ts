// The client with which implementations of gRPC are tried against each other, at a server of our chassis.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { interopService, serveGrpc } from '@flotilla/conformance/grpc';
import { engineCache } from '@flotilla/conformance/registries';
import { missing, programOnPath, run } from '../engine/programs.ts';

/** All cases without credentials of clouds. */
const cases = [
  'empty_unary',
  'large_unary',
  'client_streaming',
  'server_streaming',
  'ping_pong',
  'empty_stream',
  'timeout_on_sleeping_server',
  'cancel_after_begin',
  'cancel_after_first_response',
  'status_code_and_message',
  'special_status_message',
  'custom_metadata',
  'unimplemented_method',
  'unimplemented_service',
];

test("gRPC's interoperability client and a server of ours", async (t) => {
  const client = programOnPath('client', [join(engineCache, 'grpc-tools')]);
  if (client === undefined)
    return missing(t, "gRPC's interoperability client is not installed (tests/clients/install.sh)", 'grpc-tools');
  const { server, port } = await serveGrpc([interopService()]);
  t.after(() => server.close());
  for (const name of cases)
    await t.test(name, async () => {
      const { status, stderr } = await run(client, [`--server_port=${port}`, '--use_tls=false', `--test_case=${name}`]);
      assert.equal(status, 0, stderr);
    });
});
