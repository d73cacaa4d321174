import { AppError, grpcStatuses } from '@flotilla/contracts';
import { type GrpcCall, type ImplementedService, implement } from '@flotilla/kit/grpc';
import { TestService } from './generated/grpc/testing/test_pb.ts';

/** What gRPC's interoperability client expects of a server. */
export function interopService(): ImplementedService {
  return implement(TestService, {
    emptyCall: () => ({}),
    unaryCall({ responseSize, responseStatus }, call) {
      echoMetadata(call);
      endAsAsked(responseStatus);
      return { payload: { body: new Uint8Array(responseSize) } };
    },
    async *streamingOutputCall({ responseParameters }) {
      for (const { size } of responseParameters) yield { payload: { body: new Uint8Array(size) } };
    },
    async streamingInputCall(requests) {
      let aggregatedPayloadSize = 0;
      for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0;
      return { aggregatedPayloadSize };
    },
    async *fullDuplexCall(requests, call) {
      echoMetadata(call);
      for await (const { responseParameters, responseStatus } of requests) {
        endAsAsked(responseStatus);
        for (const { size } of responseParameters) yield { payload: { body: new Uint8Array(size) } };
      }
    },
  });
}

function echoMetadata(call: GrpcCall): void {
  const initial = call.metadata.get('x-grpc-test-echo-initial');
  if (initial !== undefined) call.setHeader('x-grpc-test-echo-initial', initial);
  const trailing = call.metadata.get('x-grpc-test-echo-trailing-bin');
  if (trailing !== undefined) call.setTrailer('x-grpc-test-echo-trailing-bin', trailing);
}

function endAsAsked(status: { readonly code: number; readonly message: string } | undefined): void {
  if (status === undefined || status.code === 0) return;
  throw new AppError({
    code: 'ASKED_FOR',
    owner: 'testing',
    type: 'urn:flotilla:error:ASKED_FOR',
    status: 400,
    grpc: grpcStatuses[status.code - 1] ?? 'UNKNOWN',
    retryable: false,
    message: { en: status.message, 'zh-CN': status.message },
    cause: 'The test asked for it.',
    action: 'Nothing.',
    places: [],
  });
}
