// Generated from proto/grpc/reflection/v1alpha/reflection.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 0763502e88e50cb3
// Lets a client without any .proto file ask which services a server has, and how to call them. Names and numbers are those
// that every reflection client uses.

import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";

export const file_grpc_reflection_v1alpha_reflection: GenFile = /*@__PURE__*/
  fileDesc("CihncnBjL3JlZmxlY3Rpb24vdjFhbHBoYS9yZWZsZWN0aW9uLnByb3RvEhdncnBjLnJlZmxlY3Rpb24udjFhbHBoYSKKAgoXU2VydmVyUmVmbGVjdGlvblJlcXVlc3QSDAoEaG9zdBgBIAEoCRIaChBmaWxlX2J5X2ZpbGVuYW1lGAMgASgJSAASIAoWZmlsZV9jb250YWluaW5nX3N5bWJvbBgEIAEoCUgAEk4KGWZpbGVfY29udGFpbmluZ19leHRlbnNpb24YBSABKAsyKS5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5FeHRlbnNpb25SZXF1ZXN0SAASJwodYWxsX2V4dGVuc2lvbl9udW1iZXJzX29mX3R5cGUYBiABKAlIABIXCg1saXN0X3NlcnZpY2VzGAcgASgJSABCEQoPbWVzc2FnZV9yZXF1ZXN0IkUKEEV4dGVuc2lvblJlcXVlc3QSFwoPY29udGFpbmluZ190eXBlGAEgASgJEhgKEGV4dGVuc2lvbl9udW1iZXIYAiABKAUi0QMKGFNlcnZlclJlZmxlY3Rpb25SZXNwb25zZRISCgp2YWxpZF9ob3N0GAEgASgJEkoKEG9yaWdpbmFsX3JlcXVlc3QYAiABKAsyMC5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5TZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBJTChhmaWxlX2Rlc2NyaXB0b3JfcmVzcG9uc2UYBCABKAsyLy5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5GaWxlRGVzY3JpcHRvclJlc3BvbnNlSAASWgoeYWxsX2V4dGVuc2lvbl9udW1iZXJzX3Jlc3BvbnNlGAUgASgLMjAuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2VIABJOChZsaXN0X3NlcnZpY2VzX3Jlc3BvbnNlGAYgASgLMiwuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuTGlzdFNlcnZpY2VSZXNwb25zZUgAEkAKDmVycm9yX3Jlc3BvbnNlGAcgASgLMiYuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuRXJyb3JSZXNwb25zZUgAQhIKEG1lc3NhZ2VfcmVzcG9uc2UiNwoWRmlsZURlc2NyaXB0b3JSZXNwb25zZRIdChVmaWxlX2Rlc2NyaXB0b3JfcHJvdG8YASADKAwiSwoXRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2USFgoOYmFzZV90eXBlX25hbWUYASABKAkSGAoQZXh0ZW5zaW9uX251bWJlchgCIAMoBSJQChNMaXN0U2VydmljZVJlc3BvbnNlEjkKB3NlcnZpY2UYASADKAsyKC5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5TZXJ2aWNlUmVzcG9uc2UiHwoPU2VydmljZVJlc3BvbnNlEgwKBG5hbWUYASABKAkiOgoNRXJyb3JSZXNwb25zZRISCgplcnJvcl9jb2RlGAEgASgFEhUKDWVycm9yX21lc3NhZ2UYAiABKAkykwEKEFNlcnZlclJlZmxlY3Rpb24SfwoUU2VydmVyUmVmbGVjdGlvbkluZm8SMC5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5TZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBoxLmdycGMucmVmbGVjdGlvbi52MWFscGhhLlNlcnZlclJlZmxlY3Rpb25SZXNwb25zZSgBMAFiBnByb3RvMw");

export type ServerReflectionRequest = Message<"grpc.reflection.v1alpha.ServerReflectionRequest"> & {
  /**
   * Sent back as it came.
   */
  host: string;

  messageRequest: {
    /**
     * The file with this path.
     */
    value: string;
    case: "fileByFilename";
  } | {
    /**
     * The file that declares this full name of a message, field, enum, service, method or extension.
     */
    value: string;
    case: "fileContainingSymbol";
  } | {
    /**
     * The file that declares an extension.
     */
    value: ExtensionRequest;
    case: "fileContainingExtension";
  } | {
    /**
     * The numbers of all extensions of the message with this full name.
     */
    value: string;
    case: "allExtensionNumbersOfType";
  } | {
    /**
     * All services; the text has no meaning.
     */
    value: string;
    case: "listServices";
  } | { case: undefined; value?: undefined };
};

export const ServerReflectionRequestSchema: GenMessage<ServerReflectionRequest> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 0);

export type ExtensionRequest = Message<"grpc.reflection.v1alpha.ExtensionRequest"> & {
  /**
   * The full name of the extended message.
   */
  containingType: string;

  extensionNumber: number;
};

export const ExtensionRequestSchema: GenMessage<ExtensionRequest> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 1);

export type ServerReflectionResponse = Message<"grpc.reflection.v1alpha.ServerReflectionResponse"> & {
  validHost: string;

  originalRequest?: ServerReflectionRequest | undefined;

  messageResponse: {
    value: FileDescriptorResponse;
    case: "fileDescriptorResponse";
  } | {
    value: ExtensionNumberResponse;
    case: "allExtensionNumbersResponse";
  } | {
    value: ListServiceResponse;
    case: "listServicesResponse";
  } | {
    value: ErrorResponse;
    case: "errorResponse";
  } | { case: undefined; value?: undefined };
};

export const ServerReflectionResponseSchema: GenMessage<ServerReflectionResponse> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 2);

export type FileDescriptorResponse = Message<"grpc.reflection.v1alpha.FileDescriptorResponse"> & {
  /**
   * Each a google.protobuf.FileDescriptorProto: the file that was asked for, and those it imports.
   */
  fileDescriptorProto: Uint8Array[];
};

export const FileDescriptorResponseSchema: GenMessage<FileDescriptorResponse> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 3);

export type ExtensionNumberResponse = Message<"grpc.reflection.v1alpha.ExtensionNumberResponse"> & {
  baseTypeName: string;

  extensionNumber: number[];
};

export const ExtensionNumberResponseSchema: GenMessage<ExtensionNumberResponse> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 4);

export type ListServiceResponse = Message<"grpc.reflection.v1alpha.ListServiceResponse"> & {
  service: ServiceResponse[];
};

export const ListServiceResponseSchema: GenMessage<ListServiceResponse> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 5);

export type ServiceResponse = Message<"grpc.reflection.v1alpha.ServiceResponse"> & {
  /**
   * A full name.
   */
  name: string;
};

export const ServiceResponseSchema: GenMessage<ServiceResponse> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 6);

export type ErrorResponse = Message<"grpc.reflection.v1alpha.ErrorResponse"> & {
  /**
   * A status code of gRPC.
   */
  errorCode: number;

  errorMessage: string;
};

export const ErrorResponseSchema: GenMessage<ErrorResponse> = /*@__PURE__*/
  messageDesc(file_grpc_reflection_v1alpha_reflection, 7);

export const ServerReflection: GenService<{
  /**
   * Answers questions in the order in which they come.
   */
  serverReflectionInfo: {
    methodKind: "bidi_streaming";
    input: typeof ServerReflectionRequestSchema;
    output: typeof ServerReflectionResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_grpc_reflection_v1alpha_reflection, 0);

