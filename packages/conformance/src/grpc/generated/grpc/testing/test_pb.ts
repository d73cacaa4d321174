// Generated from proto/grpc/testing/test.proto by "npm run generate": do not edit. 3b9af9752b90cb39 26bada49cb0fe043
// The service that gRPC's own interoperability client calls, as far as its test cases need it.

import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";

export const file_grpc_testing_test: GenFile = /*@__PURE__*/
  fileDesc("ChdncnBjL3Rlc3RpbmcvdGVzdC5wcm90bxIMZ3JwYy50ZXN0aW5nIgcKBUVtcHR5IiUKB1BheWxvYWQSDAoEdHlwZRgBIAEoBRIMCgRib2R5GAIgASgMIisKCkVjaG9TdGF0dXMSDAoEY29kZRgBIAEoBRIPCgdtZXNzYWdlGAIgASgJIpgBCg1TaW1wbGVSZXF1ZXN0EhUKDXJlc3BvbnNlX3R5cGUYASABKAUSFQoNcmVzcG9uc2Vfc2l6ZRgCIAEoBRImCgdwYXlsb2FkGAMgASgLMhUuZ3JwYy50ZXN0aW5nLlBheWxvYWQSMQoPcmVzcG9uc2Vfc3RhdHVzGAcgASgLMhguZ3JwYy50ZXN0aW5nLkVjaG9TdGF0dXMiOAoOU2ltcGxlUmVzcG9uc2USJgoHcGF5bG9hZBgBIAEoCzIVLmdycGMudGVzdGluZy5QYXlsb2FkIkMKGVN0cmVhbWluZ0lucHV0Q2FsbFJlcXVlc3QSJgoHcGF5bG9hZBgBIAEoCzIVLmdycGMudGVzdGluZy5QYXlsb2FkIj0KGlN0cmVhbWluZ0lucHV0Q2FsbFJlc3BvbnNlEh8KF2FnZ3JlZ2F0ZWRfcGF5bG9hZF9zaXplGAEgASgFIjcKElJlc3BvbnNlUGFyYW1ldGVycxIMCgRzaXplGAEgASgFEhMKC2ludGVydmFsX3VzGAIgASgFIs0BChpTdHJlYW1pbmdPdXRwdXRDYWxsUmVxdWVzdBIVCg1yZXNwb25zZV90eXBlGAEgASgFEj0KE3Jlc3BvbnNlX3BhcmFtZXRlcnMYAiADKAsyIC5ncnBjLnRlc3RpbmcuUmVzcG9uc2VQYXJhbWV0ZXJzEiYKB3BheWxvYWQYAyABKAsyFS5ncnBjLnRlc3RpbmcuUGF5bG9hZBIxCg9yZXNwb25zZV9zdGF0dXMYByABKAsyGC5ncnBjLnRlc3RpbmcuRWNob1N0YXR1cyJFChtTdHJlYW1pbmdPdXRwdXRDYWxsUmVzcG9uc2USJgoHcGF5bG9hZBgBIAEoCzIVLmdycGMudGVzdGluZy5QYXlsb2FkMtADCgtUZXN0U2VydmljZRI1CglFbXB0eUNhbGwSEy5ncnBjLnRlc3RpbmcuRW1wdHkaEy5ncnBjLnRlc3RpbmcuRW1wdHkSRgoJVW5hcnlDYWxsEhsuZ3JwYy50ZXN0aW5nLlNpbXBsZVJlcXVlc3QaHC5ncnBjLnRlc3RpbmcuU2ltcGxlUmVzcG9uc2USbAoTU3RyZWFtaW5nT3V0cHV0Q2FsbBIoLmdycGMudGVzdGluZy5TdHJlYW1pbmdPdXRwdXRDYWxsUmVxdWVzdBopLmdycGMudGVzdGluZy5TdHJlYW1pbmdPdXRwdXRDYWxsUmVzcG9uc2UwARJpChJTdHJlYW1pbmdJbnB1dENhbGwSJy5ncnBjLnRlc3RpbmcuU3RyZWFtaW5nSW5wdXRDYWxsUmVxdWVzdBooLmdycGMudGVzdGluZy5TdHJlYW1pbmdJbnB1dENhbGxSZXNwb25zZSgBEmkKDkZ1bGxEdXBsZXhDYWxsEiguZ3JwYy50ZXN0aW5nLlN0cmVhbWluZ091dHB1dENhbGxSZXF1ZXN0GikuZ3JwYy50ZXN0aW5nLlN0cmVhbWluZ091dHB1dENhbGxSZXNwb25zZSgBMAFiBnByb3RvMw");

export type Empty = Message<"grpc.testing.Empty"> & {
};

export const EmptySchema: GenMessage<Empty> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 0);

export type Payload = Message<"grpc.testing.Payload"> & {
  type: number;

  body: Uint8Array;
};

export const PayloadSchema: GenMessage<Payload> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 1);

/**
 * What the server is to end the call with.
 */
export type EchoStatus = Message<"grpc.testing.EchoStatus"> & {
  code: number;

  message: string;
};

export const EchoStatusSchema: GenMessage<EchoStatus> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 2);

export type SimpleRequest = Message<"grpc.testing.SimpleRequest"> & {
  responseType: number;

  responseSize: number;

  payload?: Payload | undefined;

  responseStatus?: EchoStatus | undefined;
};

export const SimpleRequestSchema: GenMessage<SimpleRequest> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 3);

export type SimpleResponse = Message<"grpc.testing.SimpleResponse"> & {
  payload?: Payload | undefined;
};

export const SimpleResponseSchema: GenMessage<SimpleResponse> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 4);

export type StreamingInputCallRequest = Message<"grpc.testing.StreamingInputCallRequest"> & {
  payload?: Payload | undefined;
};

export const StreamingInputCallRequestSchema: GenMessage<StreamingInputCallRequest> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 5);

export type StreamingInputCallResponse = Message<"grpc.testing.StreamingInputCallResponse"> & {
  aggregatedPayloadSize: number;
};

export const StreamingInputCallResponseSchema: GenMessage<StreamingInputCallResponse> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 6);

export type ResponseParameters = Message<"grpc.testing.ResponseParameters"> & {
  size: number;

  intervalUs: number;
};

export const ResponseParametersSchema: GenMessage<ResponseParameters> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 7);

export type StreamingOutputCallRequest = Message<"grpc.testing.StreamingOutputCallRequest"> & {
  responseType: number;

  responseParameters: ResponseParameters[];

  payload?: Payload | undefined;

  responseStatus?: EchoStatus | undefined;
};

export const StreamingOutputCallRequestSchema: GenMessage<StreamingOutputCallRequest> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 8);

export type StreamingOutputCallResponse = Message<"grpc.testing.StreamingOutputCallResponse"> & {
  payload?: Payload | undefined;
};

export const StreamingOutputCallResponseSchema: GenMessage<StreamingOutputCallResponse> = /*@__PURE__*/
  messageDesc(file_grpc_testing_test, 9);

export const TestService: GenService<{
  emptyCall: {
    methodKind: "unary";
    input: typeof EmptySchema;
    output: typeof EmptySchema;
  },
  unaryCall: {
    methodKind: "unary";
    input: typeof SimpleRequestSchema;
    output: typeof SimpleResponseSchema;
  },
  streamingOutputCall: {
    methodKind: "server_streaming";
    input: typeof StreamingOutputCallRequestSchema;
    output: typeof StreamingOutputCallResponseSchema;
  },
  streamingInputCall: {
    methodKind: "client_streaming";
    input: typeof StreamingInputCallRequestSchema;
    output: typeof StreamingInputCallResponseSchema;
  },
  fullDuplexCall: {
    methodKind: "bidi_streaming";
    input: typeof StreamingOutputCallRequestSchema;
    output: typeof StreamingOutputCallResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_grpc_testing_test, 0);

