// Generated from proto/grpc/health/v1/health.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f be9a69b63265cde5
// Asks a server whether it serves. Names and numbers are those that every gRPC health client uses.

import type { GenEnum, GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { enumDesc, fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";

export const file_grpc_health_v1_health: GenFile = /*@__PURE__*/
  fileDesc("ChtncnBjL2hlYWx0aC92MS9oZWFsdGgucHJvdG8SDmdycGMuaGVhbHRoLnYxIiUKEkhlYWx0aENoZWNrUmVxdWVzdBIPCgdzZXJ2aWNlGAEgASgJIqkBChNIZWFsdGhDaGVja1Jlc3BvbnNlEkEKBnN0YXR1cxgBIAEoDjIxLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVzcG9uc2UuU2VydmluZ1N0YXR1cyJPCg1TZXJ2aW5nU3RhdHVzEgsKB1VOS05PV04QABILCgdTRVJWSU5HEAESDwoLTk9UX1NFUlZJTkcQAhITCg9TRVJWSUNFX1VOS05PV04QAzKuAQoGSGVhbHRoElAKBUNoZWNrEiIuZ3JwYy5oZWFsdGgudjEuSGVhbHRoQ2hlY2tSZXF1ZXN0GiMuZ3JwYy5oZWFsdGgudjEuSGVhbHRoQ2hlY2tSZXNwb25zZRJSCgVXYXRjaBIiLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVxdWVzdBojLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVzcG9uc2UwAWIGcHJvdG8z");

export type HealthCheckRequest = Message<"grpc.health.v1.HealthCheckRequest"> & {
  /**
   * The full name of a service; empty for the server as a whole.
   */
  service: string;
};

export const HealthCheckRequestSchema: GenMessage<HealthCheckRequest> = /*@__PURE__*/
  messageDesc(file_grpc_health_v1_health, 0);

export type HealthCheckResponse = Message<"grpc.health.v1.HealthCheckResponse"> & {
  status: HealthCheckResponse_ServingStatus;
};

export const HealthCheckResponseSchema: GenMessage<HealthCheckResponse> = /*@__PURE__*/
  messageDesc(file_grpc_health_v1_health, 1);

export const HealthCheckResponse_ServingStatus = {
  UNKNOWN: 0,

  SERVING: 1,

  NOT_SERVING: 2,

  /**
   * Only from Watch: the server has no such service.
   */
  SERVICE_UNKNOWN: 3,
} as const;

export type HealthCheckResponse_ServingStatus = (typeof HealthCheckResponse_ServingStatus)[keyof typeof HealthCheckResponse_ServingStatus];

export const HealthCheckResponse_ServingStatusSchema: GenEnum<HealthCheckResponse_ServingStatus> = /*@__PURE__*/
  enumDesc(file_grpc_health_v1_health, 1, 0);

export const Health: GenService<{
  /**
   * Answers at once. NOT_FOUND for a service that the server does not have.
   */
  check: {
    methodKind: "unary";
    input: typeof HealthCheckRequestSchema;
    output: typeof HealthCheckResponseSchema;
  },
  /**
   * Sends the current status, and a new one at each change. Ends when the server stops.
   */
  watch: {
    methodKind: "server_streaming";
    input: typeof HealthCheckRequestSchema;
    output: typeof HealthCheckResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_grpc_health_v1_health, 0);

