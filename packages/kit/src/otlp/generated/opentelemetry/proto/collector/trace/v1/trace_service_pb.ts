// Generated from proto/opentelemetry/proto/collector/trace/v1/trace_service.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 0b85b52ad306ba91
// Takes spans by OTLP. By HTTP, the request and the answer are the bodies of POST /v1/traces.

import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { ResourceSpans } from "../../../trace/v1/trace_pb.ts";
import { file_opentelemetry_proto_trace_v1_trace } from "../../../trace/v1/trace_pb.ts";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_collector_trace_v1_trace_service: GenFile = /*@__PURE__*/
  fileDesc("CjpvcGVudGVsZW1ldHJ5L3Byb3RvL2NvbGxlY3Rvci90cmFjZS92MS90cmFjZV9zZXJ2aWNlLnByb3RvEiZvcGVudGVsZW1ldHJ5LnByb3RvLmNvbGxlY3Rvci50cmFjZS52MSJgChlFeHBvcnRUcmFjZVNlcnZpY2VSZXF1ZXN0EkMKDnJlc291cmNlX3NwYW5zGAEgAygLMisub3BlbnRlbGVtZXRyeS5wcm90by50cmFjZS52MS5SZXNvdXJjZVNwYW5zIngKGkV4cG9ydFRyYWNlU2VydmljZVJlc3BvbnNlEloKD3BhcnRpYWxfc3VjY2VzcxgBIAEoCzJBLm9wZW50ZWxlbWV0cnkucHJvdG8uY29sbGVjdG9yLnRyYWNlLnYxLkV4cG9ydFRyYWNlUGFydGlhbFN1Y2Nlc3MiSgoZRXhwb3J0VHJhY2VQYXJ0aWFsU3VjY2VzcxIWCg5yZWplY3RlZF9zcGFucxgBIAEoAxIVCg1lcnJvcl9tZXNzYWdlGAIgASgJMqABCgxUcmFjZVNlcnZpY2USjwEKBkV4cG9ydBJBLm9wZW50ZWxlbWV0cnkucHJvdG8uY29sbGVjdG9yLnRyYWNlLnYxLkV4cG9ydFRyYWNlU2VydmljZVJlcXVlc3QaQi5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbGxlY3Rvci50cmFjZS52MS5FeHBvcnRUcmFjZVNlcnZpY2VSZXNwb25zZWIGcHJvdG8z", [file_opentelemetry_proto_trace_v1_trace]);

export type ExportTraceServiceRequest = Message<"opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest"> & {
  resourceSpans: ResourceSpans[];
};

export const ExportTraceServiceRequestSchema: GenMessage<ExportTraceServiceRequest> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_collector_trace_v1_trace_service, 0);

export type ExportTraceServiceResponse = Message<"opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse"> & {
  partialSuccess?: ExportTracePartialSuccess | undefined;
};

export const ExportTraceServiceResponseSchema: GenMessage<ExportTraceServiceResponse> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_collector_trace_v1_trace_service, 1);

/**
 * Not everything was taken. With nothing rejected, the message is a warning.
 */
export type ExportTracePartialSuccess = Message<"opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess"> & {
  rejectedSpans: bigint;

  errorMessage: string;
};

export const ExportTracePartialSuccessSchema: GenMessage<ExportTracePartialSuccess> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_collector_trace_v1_trace_service, 2);

export const TraceService: GenService<{
  export: {
    methodKind: "unary";
    input: typeof ExportTraceServiceRequestSchema;
    output: typeof ExportTraceServiceResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_opentelemetry_proto_collector_trace_v1_trace_service, 0);

