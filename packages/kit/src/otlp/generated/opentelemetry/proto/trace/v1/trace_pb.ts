// Generated from proto/opentelemetry/proto/trace/v1/trace.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 1183e3f8483ab661
// Spans of OTLP.

import type { GenEnum, GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { enumDesc, fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { InstrumentationScope, KeyValue } from "../../common/v1/common_pb.ts";
import { file_opentelemetry_proto_common_v1_common } from "../../common/v1/common_pb.ts";
import type { Resource } from "../../resource/v1/resource_pb.ts";
import { file_opentelemetry_proto_resource_v1_resource } from "../../resource/v1/resource_pb.ts";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_trace_v1_trace: GenFile = /*@__PURE__*/
  fileDesc("CihvcGVudGVsZW1ldHJ5L3Byb3RvL3RyYWNlL3YxL3RyYWNlLnByb3RvEhxvcGVudGVsZW1ldHJ5LnByb3RvLnRyYWNlLnYxIp8BCg1SZXNvdXJjZVNwYW5zEjsKCHJlc291cmNlGAEgASgLMikub3BlbnRlbGVtZXRyeS5wcm90by5yZXNvdXJjZS52MS5SZXNvdXJjZRI9CgtzY29wZV9zcGFucxgCIAMoCzIoLm9wZW50ZWxlbWV0cnkucHJvdG8udHJhY2UudjEuU2NvcGVTcGFucxISCgpzY2hlbWFfdXJsGAMgASgJIpcBCgpTY29wZVNwYW5zEkIKBXNjb3BlGAEgASgLMjMub3BlbnRlbGVtZXRyeS5wcm90by5jb21tb24udjEuSW5zdHJ1bWVudGF0aW9uU2NvcGUSMQoFc3BhbnMYAiADKAsyIi5vcGVudGVsZW1ldHJ5LnByb3RvLnRyYWNlLnYxLlNwYW4SEgoKc2NoZW1hX3VybBgDIAEoCSKECAoEU3BhbhIQCgh0cmFjZV9pZBgBIAEoDBIPCgdzcGFuX2lkGAIgASgMEhMKC3RyYWNlX3N0YXRlGAMgASgJEhYKDnBhcmVudF9zcGFuX2lkGAQgASgMEgwKBG5hbWUYBSABKAkSOQoEa2luZBgGIAEoDjIrLm9wZW50ZWxlbWV0cnkucHJvdG8udHJhY2UudjEuU3Bhbi5TcGFuS2luZBIcChRzdGFydF90aW1lX3VuaXhfbmFubxgHIAEoBhIaChJlbmRfdGltZV91bml4X25hbm8YCCABKAYSOwoKYXR0cmlidXRlcxgJIAMoCzInLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLktleVZhbHVlEiAKGGRyb3BwZWRfYXR0cmlidXRlc19jb3VudBgKIAEoDRI4CgZldmVudHMYCyADKAsyKC5vcGVudGVsZW1ldHJ5LnByb3RvLnRyYWNlLnYxLlNwYW4uRXZlbnQSHAoUZHJvcHBlZF9ldmVudHNfY291bnQYDCABKA0SNgoFbGlua3MYDSADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLnRyYWNlLnYxLlNwYW4uTGluaxIbChNkcm9wcGVkX2xpbmtzX2NvdW50GA4gASgNEjQKBnN0YXR1cxgPIAEoCzIkLm9wZW50ZWxlbWV0cnkucHJvdG8udHJhY2UudjEuU3RhdHVzEg0KBWZsYWdzGBAgASgHGowBCgVFdmVudBIWCg50aW1lX3VuaXhfbmFubxgBIAEoBhIMCgRuYW1lGAIgASgJEjsKCmF0dHJpYnV0ZXMYAyADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5LZXlWYWx1ZRIgChhkcm9wcGVkX2F0dHJpYnV0ZXNfY291bnQYBCABKA0arAEKBExpbmsSEAoIdHJhY2VfaWQYASABKAwSDwoHc3Bhbl9pZBgCIAEoDBITCgt0cmFjZV9zdGF0ZRgDIAEoCRI7CgphdHRyaWJ1dGVzGAQgAygLMicub3BlbnRlbGVtZXRyeS5wcm90by5jb21tb24udjEuS2V5VmFsdWUSIAoYZHJvcHBlZF9hdHRyaWJ1dGVzX2NvdW50GAUgASgNEg0KBWZsYWdzGAYgASgHIpkBCghTcGFuS2luZBIZChVTUEFOX0tJTkRfVU5TUEVDSUZJRUQQABIWChJTUEFOX0tJTkRfSU5URVJOQUwQARIUChBTUEFOX0tJTkRfU0VSVkVSEAISFAoQU1BBTl9LSU5EX0NMSUVOVBADEhYKElNQQU5fS0lORF9QUk9EVUNFUhAEEhYKElNQQU5fS0lORF9DT05TVU1FUhAFIq4BCgZTdGF0dXMSDwoHbWVzc2FnZRgCIAEoCRI9CgRjb2RlGAMgASgOMi8ub3BlbnRlbGVtZXRyeS5wcm90by50cmFjZS52MS5TdGF0dXMuU3RhdHVzQ29kZSJOCgpTdGF0dXNDb2RlEhUKEVNUQVRVU19DT0RFX1VOU0VUEAASEgoOU1RBVFVTX0NPREVfT0sQARIVChFTVEFUVVNfQ09ERV9FUlJPUhACSgQIARACYgZwcm90bzM", [file_opentelemetry_proto_common_v1_common, file_opentelemetry_proto_resource_v1_resource]);

export type ResourceSpans = Message<"opentelemetry.proto.trace.v1.ResourceSpans"> & {
  resource?: Resource | undefined;

  scopeSpans: ScopeSpans[];

  /**
   * The version of the conventions that the resource follows.
   */
  schemaUrl: string;
};

export const ResourceSpansSchema: GenMessage<ResourceSpans> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_trace_v1_trace, 0);

export type ScopeSpans = Message<"opentelemetry.proto.trace.v1.ScopeSpans"> & {
  scope?: InstrumentationScope | undefined;

  spans: Span[];

  schemaUrl: string;
};

export const ScopeSpansSchema: GenMessage<ScopeSpans> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_trace_v1_trace, 1);

/**
 * A piece of work that is over. Times are nanoseconds since the epoch.
 */
export type Span = Message<"opentelemetry.proto.trace.v1.Span"> & {
  /**
   * 16 bytes, not all zero.
   */
  traceId: Uint8Array;

  /**
   * 8 bytes, not all zero.
   */
  spanId: Uint8Array;

  /**
   * The header `tracestate` of W3C Trace Context.
   */
  traceState: string;

  /**
   * Empty: the first span of its trace.
   */
  parentSpanId: Uint8Array;

  name: string;

  kind: Span_SpanKind;

  startTimeUnixNano: bigint;

  endTimeUnixNano: bigint;

  attributes: KeyValue[];

  droppedAttributesCount: number;

  events: Span_Event[];

  droppedEventsCount: number;

  links: Span_Link[];

  droppedLinksCount: number;

  status?: Status | undefined;

  /**
   * The low 8 bits are the flags of W3C Trace Context. Bit 8: bit 9 is known; bit 9: the parent is in another process.
   */
  flags: number;
};

export const SpanSchema: GenMessage<Span> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_trace_v1_trace, 2);

/**
 * Something that happened meanwhile.
 */
export type Span_Event = Message<"opentelemetry.proto.trace.v1.Span.Event"> & {
  timeUnixNano: bigint;

  name: string;

  attributes: KeyValue[];

  droppedAttributesCount: number;
};

export const Span_EventSchema: GenMessage<Span_Event> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_trace_v1_trace, 2, 0);

/**
 * A span, often of another trace, that led to this one.
 */
export type Span_Link = Message<"opentelemetry.proto.trace.v1.Span.Link"> & {
  traceId: Uint8Array;

  spanId: Uint8Array;

  traceState: string;

  attributes: KeyValue[];

  droppedAttributesCount: number;

  flags: number;
};

export const Span_LinkSchema: GenMessage<Span_Link> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_trace_v1_trace, 2, 1);

export const Span_SpanKind = {
  UNSPECIFIED: 0,

  INTERNAL: 1,

  SERVER: 2,

  CLIENT: 3,

  PRODUCER: 4,

  CONSUMER: 5,
} as const;

export type Span_SpanKind = (typeof Span_SpanKind)[keyof typeof Span_SpanKind];

export const Span_SpanKindSchema: GenEnum<Span_SpanKind> = /*@__PURE__*/
  enumDesc(file_opentelemetry_proto_trace_v1_trace, 2, 0);

export type Status = Message<"opentelemetry.proto.trace.v1.Status"> & {
  /**
   * What went wrong, for people.
   */
  message: string;

  code: Status_StatusCode;
};

export const StatusSchema: GenMessage<Status> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_trace_v1_trace, 3);

export const Status_StatusCode = {
  UNSET: 0,

  OK: 1,

  ERROR: 2,
} as const;

export type Status_StatusCode = (typeof Status_StatusCode)[keyof typeof Status_StatusCode];

export const Status_StatusCodeSchema: GenEnum<Status_StatusCode> = /*@__PURE__*/
  enumDesc(file_opentelemetry_proto_trace_v1_trace, 3, 0);

