// Generated from proto/google/rpc/error_details.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 2e9ede689bf745f7
// What can be said of an error beyond its status. Names and numbers are those that gRPC libraries of all languages know.

import type { GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { file_google_protobuf_duration } from "@bufbuild/protobuf/wkt";
import type { Message } from "@bufbuild/protobuf";

export const file_google_rpc_error_details: GenFile = /*@__PURE__*/
  fileDesc("Ch5nb29nbGUvcnBjL2Vycm9yX2RldGFpbHMucHJvdG8SCmdvb2dsZS5ycGMikwEKCUVycm9ySW5mbxIOCgZyZWFzb24YASABKAkSDgoGZG9tYWluGAIgASgJEjUKCG1ldGFkYXRhGAMgAygLMiMuZ29vZ2xlLnJwYy5FcnJvckluZm8uTWV0YWRhdGFFbnRyeRovCg1NZXRhZGF0YUVudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEiOwoJUmV0cnlJbmZvEi4KC3JldHJ5X2RlbGF5GAEgASgLMhkuZ29vZ2xlLnByb3RvYnVmLkR1cmF0aW9uIpMBCgpCYWRSZXF1ZXN0Ej8KEGZpZWxkX3Zpb2xhdGlvbnMYASADKAsyJS5nb29nbGUucnBjLkJhZFJlcXVlc3QuRmllbGRWaW9sYXRpb24aRAoORmllbGRWaW9sYXRpb24SDQoFZmllbGQYASABKAkSEwoLZGVzY3JpcHRpb24YAiABKAkSDgoGcmVhc29uGAMgASgJIiEKC1JlcXVlc3RJbmZvEhIKCnJlcXVlc3RfaWQYASABKAliBnByb3RvMw", [file_google_protobuf_duration]);

/**
 * Which error it is.
 */
export type ErrorInfo = Message<"google.rpc.ErrorInfo"> & {
  /**
   * The stable code: USER_NOT_FOUND.
   */
  reason: string;

  /**
   * Who defines the code.
   */
  domain: string;

  /**
   * More about this occurrence.
   */
  metadata: { [key: string]: string };
};

export const ErrorInfoSchema: GenMessage<ErrorInfo> = /*@__PURE__*/
  messageDesc(file_google_rpc_error_details, 0);

/**
 * When to try again.
 */
export type RetryInfo = Message<"google.rpc.RetryInfo"> & {
  retryDelay?: Duration | undefined;
};

export const RetryInfoSchema: GenMessage<RetryInfo> = /*@__PURE__*/
  messageDesc(file_google_rpc_error_details, 1);

/**
 * What is wrong with the request.
 */
export type BadRequest = Message<"google.rpc.BadRequest"> & {
  fieldViolations: BadRequest_FieldViolation[];
};

export const BadRequestSchema: GenMessage<BadRequest> = /*@__PURE__*/
  messageDesc(file_google_rpc_error_details, 2);

export type BadRequest_FieldViolation = Message<"google.rpc.BadRequest.FieldViolation"> & {
  /**
   * The path to the field.
   */
  field: string;

  /**
   * What is wrong with it.
   */
  description: string;

  /**
   * A stable code.
   */
  reason: string;
};

export const BadRequest_FieldViolationSchema: GenMessage<BadRequest_FieldViolation> = /*@__PURE__*/
  messageDesc(file_google_rpc_error_details, 2, 0);

/**
 * What finds the call in the logs.
 */
export type RequestInfo = Message<"google.rpc.RequestInfo"> & {
  requestId: string;
};

export const RequestInfoSchema: GenMessage<RequestInfo> = /*@__PURE__*/
  messageDesc(file_google_rpc_error_details, 3);

