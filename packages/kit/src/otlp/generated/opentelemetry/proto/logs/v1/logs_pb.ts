// Generated from proto/opentelemetry/proto/logs/v1/logs.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 4c86ca611b40c887
// Log records of OTLP. Times are nanoseconds since the epoch.

import type { GenEnum, GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { enumDesc, fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { AnyValue, InstrumentationScope, KeyValue } from "../../common/v1/common_pb.ts";
import { file_opentelemetry_proto_common_v1_common } from "../../common/v1/common_pb.ts";
import type { Resource } from "../../resource/v1/resource_pb.ts";
import { file_opentelemetry_proto_resource_v1_resource } from "../../resource/v1/resource_pb.ts";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_logs_v1_logs: GenFile = /*@__PURE__*/
  fileDesc("CiZvcGVudGVsZW1ldHJ5L3Byb3RvL2xvZ3MvdjEvbG9ncy5wcm90bxIbb3BlbnRlbGVtZXRyeS5wcm90by5sb2dzLnYxIpsBCgxSZXNvdXJjZUxvZ3MSOwoIcmVzb3VyY2UYASABKAsyKS5vcGVudGVsZW1ldHJ5LnByb3RvLnJlc291cmNlLnYxLlJlc291cmNlEjoKCnNjb3BlX2xvZ3MYAiADKAsyJi5vcGVudGVsZW1ldHJ5LnByb3RvLmxvZ3MudjEuU2NvcGVMb2dzEhIKCnNjaGVtYV91cmwYAyABKAkioAEKCVNjb3BlTG9ncxJCCgVzY29wZRgBIAEoCzIzLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLkluc3RydW1lbnRhdGlvblNjb3BlEjsKC2xvZ19yZWNvcmRzGAIgAygLMiYub3BlbnRlbGVtZXRyeS5wcm90by5sb2dzLnYxLkxvZ1JlY29yZBISCgpzY2hlbWFfdXJsGAMgASgJIv0CCglMb2dSZWNvcmQSFgoOdGltZV91bml4X25hbm8YASABKAYSHwoXb2JzZXJ2ZWRfdGltZV91bml4X25hbm8YCyABKAYSRAoPc2V2ZXJpdHlfbnVtYmVyGAIgASgOMisub3BlbnRlbGVtZXRyeS5wcm90by5sb2dzLnYxLlNldmVyaXR5TnVtYmVyEhUKDXNldmVyaXR5X3RleHQYAyABKAkSNQoEYm9keRgFIAEoCzInLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLkFueVZhbHVlEjsKCmF0dHJpYnV0ZXMYBiADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5LZXlWYWx1ZRIgChhkcm9wcGVkX2F0dHJpYnV0ZXNfY291bnQYByABKA0SDQoFZmxhZ3MYCCABKAcSEAoIdHJhY2VfaWQYCSABKAwSDwoHc3Bhbl9pZBgKIAEoDBISCgpldmVudF9uYW1lGAwgASgJKsMFCg5TZXZlcml0eU51bWJlchIfChtTRVZFUklUWV9OVU1CRVJfVU5TUEVDSUZJRUQQABIZChVTRVZFUklUWV9OVU1CRVJfVFJBQ0UQARIaChZTRVZFUklUWV9OVU1CRVJfVFJBQ0UyEAISGgoWU0VWRVJJVFlfTlVNQkVSX1RSQUNFMxADEhoKFlNFVkVSSVRZX05VTUJFUl9UUkFDRTQQBBIZChVTRVZFUklUWV9OVU1CRVJfREVCVUcQBRIaChZTRVZFUklUWV9OVU1CRVJfREVCVUcyEAYSGgoWU0VWRVJJVFlfTlVNQkVSX0RFQlVHMxAHEhoKFlNFVkVSSVRZX05VTUJFUl9ERUJVRzQQCBIYChRTRVZFUklUWV9OVU1CRVJfSU5GTxAJEhkKFVNFVkVSSVRZX05VTUJFUl9JTkZPMhAKEhkKFVNFVkVSSVRZX05VTUJFUl9JTkZPMxALEhkKFVNFVkVSSVRZX05VTUJFUl9JTkZPNBAMEhgKFFNFVkVSSVRZX05VTUJFUl9XQVJOEA0SGQoVU0VWRVJJVFlfTlVNQkVSX1dBUk4yEA4SGQoVU0VWRVJJVFlfTlVNQkVSX1dBUk4zEA8SGQoVU0VWRVJJVFlfTlVNQkVSX1dBUk40EBASGQoVU0VWRVJJVFlfTlVNQkVSX0VSUk9SEBESGgoWU0VWRVJJVFlfTlVNQkVSX0VSUk9SMhASEhoKFlNFVkVSSVRZX05VTUJFUl9FUlJPUjMQExIaChZTRVZFUklUWV9OVU1CRVJfRVJST1I0EBQSGQoVU0VWRVJJVFlfTlVNQkVSX0ZBVEFMEBUSGgoWU0VWRVJJVFlfTlVNQkVSX0ZBVEFMMhAWEhoKFlNFVkVSSVRZX05VTUJFUl9GQVRBTDMQFxIaChZTRVZFUklUWV9OVU1CRVJfRkFUQUw0EBhiBnByb3RvMw", [file_opentelemetry_proto_common_v1_common, file_opentelemetry_proto_resource_v1_resource]);

export type ResourceLogs = Message<"opentelemetry.proto.logs.v1.ResourceLogs"> & {
  resource?: Resource | undefined;

  scopeLogs: ScopeLogs[];

  schemaUrl: string;
};

export const ResourceLogsSchema: GenMessage<ResourceLogs> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_logs_v1_logs, 0);

export type ScopeLogs = Message<"opentelemetry.proto.logs.v1.ScopeLogs"> & {
  scope?: InstrumentationScope | undefined;

  logRecords: LogRecord[];

  schemaUrl: string;
};

export const ScopeLogsSchema: GenMessage<ScopeLogs> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_logs_v1_logs, 1);

export type LogRecord = Message<"opentelemetry.proto.logs.v1.LogRecord"> & {
  /**
   * 0: unknown.
   */
  timeUnixNano: bigint;

  /**
   * When the record was collected.
   */
  observedTimeUnixNano: bigint;

  severityNumber: SeverityNumber;

  /**
   * The level as the program calls it.
   */
  severityText: string;

  body?: AnyValue | undefined;

  attributes: KeyValue[];

  droppedAttributesCount: number;

  /**
   * The low 8 bits are the flags of W3C Trace Context.
   */
  flags: number;

  /**
   * 16 bytes; empty: no trace.
   */
  traceId: Uint8Array;

  /**
   * 8 bytes; empty: no span.
   */
  spanId: Uint8Array;

  /**
   * Set if the record is an event with a known shape.
   */
  eventName: string;
};

export const LogRecordSchema: GenMessage<LogRecord> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_logs_v1_logs, 2);

/**
 * Four steps for each level.
 */
export const SeverityNumber = {
  UNSPECIFIED: 0,

  TRACE: 1,

  TRACE2: 2,

  TRACE3: 3,

  TRACE4: 4,

  DEBUG: 5,

  DEBUG2: 6,

  DEBUG3: 7,

  DEBUG4: 8,

  INFO: 9,

  INFO2: 10,

  INFO3: 11,

  INFO4: 12,

  WARN: 13,

  WARN2: 14,

  WARN3: 15,

  WARN4: 16,

  ERROR: 17,

  ERROR2: 18,

  ERROR3: 19,

  ERROR4: 20,

  FATAL: 21,

  FATAL2: 22,

  FATAL3: 23,

  FATAL4: 24,
} as const;

export type SeverityNumber = (typeof SeverityNumber)[keyof typeof SeverityNumber];

export const SeverityNumberSchema: GenEnum<SeverityNumber> = /*@__PURE__*/
  enumDesc(file_opentelemetry_proto_logs_v1_logs, 0);

