// Generated from proto/opentelemetry/proto/resource/v1/resource.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 5086faffd6a7b130
// Who reports: the program, its instance and its host.

import type { GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { KeyValue } from "../../common/v1/common_pb.ts";
import { file_opentelemetry_proto_common_v1_common } from "../../common/v1/common_pb.ts";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_resource_v1_resource: GenFile = /*@__PURE__*/
  fileDesc("Ci5vcGVudGVsZW1ldHJ5L3Byb3RvL3Jlc291cmNlL3YxL3Jlc291cmNlLnByb3RvEh9vcGVudGVsZW1ldHJ5LnByb3RvLnJlc291cmNlLnYxImkKCFJlc291cmNlEjsKCmF0dHJpYnV0ZXMYASADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5LZXlWYWx1ZRIgChhkcm9wcGVkX2F0dHJpYnV0ZXNfY291bnQYAiABKA1iBnByb3RvMw", [file_opentelemetry_proto_common_v1_common]);

export type Resource = Message<"opentelemetry.proto.resource.v1.Resource"> & {
  attributes: KeyValue[];

  droppedAttributesCount: number;
};

export const ResourceSchema: GenMessage<Resource> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_resource_v1_resource, 0);

