// Generated from proto/google/rpc/status.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 80e82ac517cf5160
// The outcome of a call with its details, as gRPC libraries of all languages read it from `grpc-status-details-bin`.

import type { GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { Any } from "@bufbuild/protobuf/wkt";
import { file_google_protobuf_any } from "@bufbuild/protobuf/wkt";
import type { Message } from "@bufbuild/protobuf";

export const file_google_rpc_status: GenFile = /*@__PURE__*/
  fileDesc("Chdnb29nbGUvcnBjL3N0YXR1cy5wcm90bxIKZ29vZ2xlLnJwYyJOCgZTdGF0dXMSDAoEY29kZRgBIAEoBRIPCgdtZXNzYWdlGAIgASgJEiUKB2RldGFpbHMYAyADKAsyFC5nb29nbGUucHJvdG9idWYuQW55YgZwcm90bzM", [file_google_protobuf_any]);

export type Status = Message<"google.rpc.Status"> & {
  /**
   * A status code of gRPC.
   */
  code: number;

  /**
   * What the caller reads.
   */
  message: string;

  /**
   * Messages of error_details.proto.
   */
  details: Any[];
};

export const StatusSchema: GenMessage<Status> = /*@__PURE__*/
  messageDesc(file_google_rpc_status, 0);

