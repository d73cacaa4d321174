// Generated from proto/opentelemetry/proto/common/v1/common.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 056250bcf4f25ac9
// What traces, metrics and logs of OpenTelemetry have in common. Names and numbers are those of its protocol, OTLP. Fields
// that say how many items a sender has left out are `dropped_…_count`.

import type { GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_common_v1_common: GenFile = /*@__PURE__*/
  fileDesc("CipvcGVudGVsZW1ldHJ5L3Byb3RvL2NvbW1vbi92MS9jb21tb24ucHJvdG8SHW9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxIowCCghBbnlWYWx1ZRIWCgxzdHJpbmdfdmFsdWUYASABKAlIABIUCgpib29sX3ZhbHVlGAIgASgISAASEwoJaW50X3ZhbHVlGAMgASgDSAASFgoMZG91YmxlX3ZhbHVlGAQgASgBSAASQAoLYXJyYXlfdmFsdWUYBSABKAsyKS5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5BcnJheVZhbHVlSAASQwoMa3ZsaXN0X3ZhbHVlGAYgASgLMisub3BlbnRlbGVtZXRyeS5wcm90by5jb21tb24udjEuS2V5VmFsdWVMaXN0SAASFQoLYnl0ZXNfdmFsdWUYByABKAxIAEIHCgV2YWx1ZSJFCgpBcnJheVZhbHVlEjcKBnZhbHVlcxgBIAMoCzInLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLkFueVZhbHVlIkcKDEtleVZhbHVlTGlzdBI3CgZ2YWx1ZXMYASADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5LZXlWYWx1ZSJPCghLZXlWYWx1ZRILCgNrZXkYASABKAkSNgoFdmFsdWUYAiABKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5BbnlWYWx1ZSKUAQoUSW5zdHJ1bWVudGF0aW9uU2NvcGUSDAoEbmFtZRgBIAEoCRIPCgd2ZXJzaW9uGAIgASgJEjsKCmF0dHJpYnV0ZXMYAyADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5LZXlWYWx1ZRIgChhkcm9wcGVkX2F0dHJpYnV0ZXNfY291bnQYBCABKA1iBnByb3RvMw");

/**
 * A value of any kind; without one it is empty.
 */
export type AnyValue = Message<"opentelemetry.proto.common.v1.AnyValue"> & {
  value: {
    value: string;
    case: "stringValue";
  } | {
    value: boolean;
    case: "boolValue";
  } | {
    value: bigint;
    case: "intValue";
  } | {
    value: number;
    case: "doubleValue";
  } | {
    value: ArrayValue;
    case: "arrayValue";
  } | {
    value: KeyValueList;
    case: "kvlistValue";
  } | {
    value: Uint8Array;
    case: "bytesValue";
  } | { case: undefined; value?: undefined };
};

export const AnyValueSchema: GenMessage<AnyValue> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_common_v1_common, 0);

export type ArrayValue = Message<"opentelemetry.proto.common.v1.ArrayValue"> & {
  values: AnyValue[];
};

export const ArrayValueSchema: GenMessage<ArrayValue> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_common_v1_common, 1);

export type KeyValueList = Message<"opentelemetry.proto.common.v1.KeyValueList"> & {
  /**
   * Each key once.
   */
  values: KeyValue[];
};

export const KeyValueListSchema: GenMessage<KeyValueList> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_common_v1_common, 2);

/**
 * An attribute.
 */
export type KeyValue = Message<"opentelemetry.proto.common.v1.KeyValue"> & {
  key: string;

  value?: AnyValue | undefined;
};

export const KeyValueSchema: GenMessage<KeyValue> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_common_v1_common, 3);

/**
 * The code that has made the spans, metrics or log records.
 */
export type InstrumentationScope = Message<"opentelemetry.proto.common.v1.InstrumentationScope"> & {
  name: string;

  version: string;

  attributes: KeyValue[];

  droppedAttributesCount: number;
};

export const InstrumentationScopeSchema: GenMessage<InstrumentationScope> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_common_v1_common, 4);

