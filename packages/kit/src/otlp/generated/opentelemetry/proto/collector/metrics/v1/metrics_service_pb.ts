// Generated from proto/opentelemetry/proto/collector/metrics/v1/metrics_service.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f b2facae90fa887b3
// Takes metrics by OTLP. By HTTP, the request and the answer are the bodies of POST /v1/metrics.

import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { ResourceMetrics } from "../../../metrics/v1/metrics_pb.ts";
import { file_opentelemetry_proto_metrics_v1_metrics } from "../../../metrics/v1/metrics_pb.ts";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_collector_metrics_v1_metrics_service: GenFile = /*@__PURE__*/
  fileDesc("Cj5vcGVudGVsZW1ldHJ5L3Byb3RvL2NvbGxlY3Rvci9tZXRyaWNzL3YxL21ldHJpY3Nfc2VydmljZS5wcm90bxIob3BlbnRlbGVtZXRyeS5wcm90by5jb2xsZWN0b3IubWV0cmljcy52MSJoChtFeHBvcnRNZXRyaWNzU2VydmljZVJlcXVlc3QSSQoQcmVzb3VyY2VfbWV0cmljcxgBIAMoCzIvLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5SZXNvdXJjZU1ldHJpY3MifgocRXhwb3J0TWV0cmljc1NlcnZpY2VSZXNwb25zZRJeCg9wYXJ0aWFsX3N1Y2Nlc3MYASABKAsyRS5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbGxlY3Rvci5tZXRyaWNzLnYxLkV4cG9ydE1ldHJpY3NQYXJ0aWFsU3VjY2VzcyJSChtFeHBvcnRNZXRyaWNzUGFydGlhbFN1Y2Nlc3MSHAoUcmVqZWN0ZWRfZGF0YV9wb2ludHMYASABKAMSFQoNZXJyb3JfbWVzc2FnZRgCIAEoCTKqAQoOTWV0cmljc1NlcnZpY2USlwEKBkV4cG9ydBJFLm9wZW50ZWxlbWV0cnkucHJvdG8uY29sbGVjdG9yLm1ldHJpY3MudjEuRXhwb3J0TWV0cmljc1NlcnZpY2VSZXF1ZXN0GkYub3BlbnRlbGVtZXRyeS5wcm90by5jb2xsZWN0b3IubWV0cmljcy52MS5FeHBvcnRNZXRyaWNzU2VydmljZVJlc3BvbnNlYgZwcm90bzM", [file_opentelemetry_proto_metrics_v1_metrics]);

export type ExportMetricsServiceRequest = Message<"opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest"> & {
  resourceMetrics: ResourceMetrics[];
};

export const ExportMetricsServiceRequestSchema: GenMessage<ExportMetricsServiceRequest> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_collector_metrics_v1_metrics_service, 0);

export type ExportMetricsServiceResponse = Message<"opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse"> & {
  partialSuccess?: ExportMetricsPartialSuccess | undefined;
};

export const ExportMetricsServiceResponseSchema: GenMessage<ExportMetricsServiceResponse> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_collector_metrics_v1_metrics_service, 1);

/**
 * Not everything was taken. With nothing rejected, the message is a warning.
 */
export type ExportMetricsPartialSuccess = Message<"opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess"> & {
  rejectedDataPoints: bigint;

  errorMessage: string;
};

export const ExportMetricsPartialSuccessSchema: GenMessage<ExportMetricsPartialSuccess> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_collector_metrics_v1_metrics_service, 2);

export const MetricsService: GenService<{
  export: {
    methodKind: "unary";
    input: typeof ExportMetricsServiceRequestSchema;
    output: typeof ExportMetricsServiceResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_opentelemetry_proto_collector_metrics_v1_metrics_service, 0);

