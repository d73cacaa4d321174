import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { collectGarbage } from '@flotilla/conformance';
import {
  echoService,
  messagesIn,
  RawGrpcClient,
  requestFrame,
  type ServedGrpc,
  serveGrpc,
  statusOfAnswer,
} from '@flotilla/conformance/grpc';
import {
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from '../generated/grpc/health/v1/health_pb.ts';
import {
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from '../generated/grpc/reflection/v1/reflection_pb.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;
const health = (method: string): string => `/grpc.health.v1.Health/${method}`;

async function serve(t: TestContext): Promise<ServedGrpc & { client: RawGrpcClient }> {
  const served = await serveGrpc([echoService()]);
  const client = new RawGrpcClient(served.port);
  t.after(async () => {
    client.close();
    await served.server.close();
  });
  return { ...served, client };
}

describe('the health service', () => {
  it('checks the server and each of its services, and knows no others', async (t) => {
    const { client, health: state } = await serve(t);
    const check = async (service: string): Promise<unknown> => {
      const chunks = [requestFrame(HealthCheckRequestSchema, { service })];
      const answer = await client.call({ path: health('Check'), chunks });
      return messagesIn(answer.body, HealthCheckResponseSchema)[0]?.status ?? statusOfAnswer(answer);
    };
    for (const service of ['', 'flotilla.testing.Echo', 'grpc.health.v1.Health'])
      assert.equal(await check(service), SERVING, service);
    assert.equal(await check('flotilla.testing.Nobody'), 'NOT_FOUND');
    state.addCheck({
      name: 'database',
      check: () => {
        throw new Error('away');
      },
    });
    assert.equal(await check(''), NOT_SERVING);
  });

  it('answers a name of any length, on a connection that lives on', async (t) => {
    const { client } = await serve(t);
    for (const length of [9_000, 50_000, 400_000]) {
      const chunks = [requestFrame(HealthCheckRequestSchema, { service: '名'.repeat(length / 2) })];
      const answer = await client.call({ path: health('Check'), chunks });
      assert.equal(statusOfAnswer(answer), 'NOT_FOUND', `${length} characters`);
      // What grpc-java reads by default.
      assert.ok(JSON.stringify(answer.headers).length < 8_192);
    }
  });

  it('says what it was told, whenever that changes, until the server drains', async (t) => {
    const { client, server, health: state } = await serve(t);
    const headers = { ':method': 'POST', ':path': health('Watch'), te: 'trailers', 'content-type': 'application/grpc' };
    const stream = client.session.request(headers);
    const seen: number[] = [];
    let wake = (): void => undefined;
    let trailers: Record<string, unknown> = {};
    stream.on('trailers', (received: Record<string, unknown>) => (trailers = received));
    stream.on('data', (chunk: Buffer) => {
      seen.push(...messagesIn(chunk, HealthCheckResponseSchema).map(({ status }) => status));
      wake();
    });
    const count = async (wanted: number): Promise<void> => {
      while (seen.length < wanted) await new Promise<void>((resolve) => (wake = resolve));
    };
    stream.end(requestFrame(HealthCheckRequestSchema, { service: 'flotilla.testing.Echo' }));
    await count(1);
    state.setState('starting');
    await count(2);
    state.setState('ready');
    await count(3);
    state.setState('draining');
    await count(4);
    await server.drain(AbortSignal.timeout(5_000));
    assert.deepEqual(seen, [SERVING, NOT_SERVING, SERVING, NOT_SERVING]);
    assert.equal(trailers['grpc-status'], '14');
  });

  it('says of an unknown service that it is unknown, and ends the watch with the server', async (t) => {
    const { client, server } = await serve(t);
    const chunks = [requestFrame(HealthCheckRequestSchema, { service: 'nobody' })];
    const answer = client.call({ path: health('Watch'), chunks });
    // Otherwise there would be nothing to drain.
    await client.call({ path: health('Check'), chunks });
    await server.drain(AbortSignal.timeout(5_000));
    const { body } = await answer;
    assert.deepEqual(
      messagesIn(body, HealthCheckResponseSchema).map(({ status }) => status),
      [SERVICE_UNKNOWN],
    );
  });
});

for (const version of ['v1', 'v1alpha'] as const)
  describe(`the reflection service ${version}`, () => {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    async function ask(
      t: TestContext,
      ...questions: readonly ServerReflectionRequest['messageRequest'][]
    ): Promise<readonly ServerReflectionResponse['messageResponse'][]> {
      const { client } = await serve(t);
      const chunks = questions.map((messageRequest) =>
        requestFrame(ServerReflectionRequestSchema, { host: 'h', messageRequest }),
      );
      const answer = await client.call({ path, chunks });
      assert.equal(statusOfAnswer(answer), 'OK');
      const replies = messagesIn(answer.body, ServerReflectionResponseSchema);
      assert.ok(replies.every(({ validHost }) => validHost === 'h'));
      assert.deepEqual(
        replies.map(({ originalRequest }) => originalRequest?.messageRequest.case),
        questions.map((question) => question.case),
      );
      return replies.map(({ messageResponse }) => messageResponse);
    }
    const filesOf = (reply: ServerReflectionResponse['messageResponse'] | undefined): readonly string[] =>
      reply?.case === 'fileDescriptorResponse'
        ? reply.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)
        : [];
    const echoFile = 'flotilla/testing/echo.proto';

    it('lists the services', async (t) => {
      const [reply] = await ask(t, { case: 'listServices', value: '' });
      assert.deepEqual(reply?.case === 'listServicesResponse' && reply.value.service.map(({ name }) => name), [
        'flotilla.testing.Echo',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
        'grpc.reflection.v1alpha.ServerReflection',
      ]);
    });

    it('finds a file by its path and by everything that it declares, and sends what it imports once', async (t) => {
      const symbols = [
        'Echo',
        'Echo.Say',
        'SayRequest',
        'SayRequest.text',
        'SayRequest.LabelsEntry',
        'Tone',
        'TONE_LOUD',
        'table',
      ];
      const replies = await ask(
        t,
        { case: 'fileByFilename', value: echoFile },
        ...symbols.map((name) => ({ case: 'fileContainingSymbol', value: `flotilla.testing.${name}` }) as const),
      );
      assert.deepEqual(filesOf(replies[0]), [echoFile, 'google/protobuf/descriptor.proto']);
      for (const reply of replies.slice(1)) assert.deepEqual(filesOf(reply), [echoFile]);
    });

    it('knows the details of errors, which tools then show in readable form', async (t) => {
      const [reply] = await ask(t, { case: 'fileContainingSymbol', value: 'google.rpc.ErrorInfo' });
      assert.equal(filesOf(reply)[0], 'google/rpc/error_details.proto');
    });

    it('finds extensions', async (t) => {
      const containingType = 'google.protobuf.MessageOptions';
      const extension = (
        extensionNumber: number,
        type = containingType,
      ): ServerReflectionRequest['messageRequest'] => ({
        case: 'fileContainingExtension',
        value: { $typeName: 'grpc.reflection.v1.ExtensionRequest', containingType: type, extensionNumber },
      });
      const [found, numbers, none, unknown] = await ask(
        t,
        extension(50_001),
        { case: 'allExtensionNumbersOfType', value: containingType },
        { case: 'allExtensionNumbersOfType', value: 'flotilla.testing.SayRequest' },
        { case: 'allExtensionNumbersOfType', value: 'nothing' },
      );
      assert.equal(filesOf(found)[0], echoFile);
      assert.deepEqual(numbers?.case === 'allExtensionNumbersResponse' && numbers.value.extensionNumber, [50_001]);
      assert.deepEqual(none?.case === 'allExtensionNumbersResponse' && none.value.extensionNumber, []);
      assert.equal(unknown?.case === 'errorResponse' && unknown.value.errorCode, 5);
    });

    it('keeps nothing of the questions that it has answered', async (t) => {
      const { client } = await serve(t);
      const headers = { ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' };
      const stream = client.session.request(headers);
      const value = 'x'.repeat(200_000);
      const chunk = requestFrame(ServerReflectionRequestSchema, { messageRequest: { case: 'fileByFilename', value } });
      let received = 0;
      let wake = (): void => undefined;
      stream.on('data', (data: Buffer) => {
        received += data.length;
        wake();
      });
      const askMore = async (count: number): Promise<number> => {
        for (let asked = 0; asked < count; asked += 1) {
          stream.write(chunk);
          // Each reply repeats its question twice.
          const wanted = received + 2 * value.length;
          while (received < wanted) await new Promise<void>((resolve) => (wake = resolve));
        }
        collectGarbage();
        return process.memoryUsage().heapUsed;
      };
      const before = await askMore(20);
      assert.ok((await askMore(100)) - before < 50 * value.length, 'less than half of what was asked');
      stream.end();
    });

    it('says what it does not have, and goes on answering', async (t) => {
      const replies = await ask(
        t,
        { case: 'fileByFilename', value: 'nothing.proto' },
        { case: 'fileContainingSymbol', value: '' },
        { case: 'fileContainingSymbol', value: '__proto__' },
        { case: undefined },
        { case: 'listServices', value: '*' },
      );
      const codes = replies.map((reply) => (reply.case === 'errorResponse' ? reply.value.errorCode : reply.case));
      assert.deepEqual(codes, [5, 5, 5, 3, 'listServicesResponse']);
    });
  });
