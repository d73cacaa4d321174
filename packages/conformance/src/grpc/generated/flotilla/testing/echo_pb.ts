// Generated from proto/flotilla/testing/echo.proto by "npm run generate": do not edit. 3b9af9752b90cb39 cb28135f5f1c9cd4
// A service with one method of each kind, for tests of servers and clients.

import type { GenEnum, GenExtension, GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { enumDesc, extDesc, fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { MessageOptions } from "@bufbuild/protobuf/wkt";
import { file_google_protobuf_descriptor } from "@bufbuild/protobuf/wkt";
import type { Message } from "@bufbuild/protobuf";

export const file_flotilla_testing_echo: GenFile = /*@__PURE__*/
  fileDesc("ChtmbG90aWxsYS90ZXN0aW5nL2VjaG8ucHJvdG8SEGZsb3RpbGxhLnRlc3RpbmciwwEKClNheVJlcXVlc3QSDAoEdGV4dBgBIAEoCRIKCgJpZBgCIAEoAxIpCgR0b25lGAMgASgOMhYuZmxvdGlsbGEudGVzdGluZy5Ub25lSACIAQESOAoGbGFiZWxzGAQgAygLMiguZmxvdGlsbGEudGVzdGluZy5TYXlSZXF1ZXN0LkxhYmVsc0VudHJ5Gi0KC0xhYmVsc0VudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAFCBwoFX3RvbmUiNAoLU2F5UmVzcG9uc2USDAoEdGV4dBgBIAEoCRIKCgJpZBgCIAEoAzoLirUYB3NheWluZ3MiKwoMQ291bnRSZXF1ZXN0EgoKAnRvGAEgASgFEg8KB2ZpbGxpbmcYAiABKAUiMAoNQ291bnRSZXNwb25zZRIOCgZudW1iZXIYASABKAUSDwoHZmlsbGluZxgCIAEoDCIcCgpTdW1SZXF1ZXN0Eg4KBm51bWJlchgBIAEoBSIaCgtTdW1SZXNwb25zZRILCgNzdW0YASABKAMqKwoEVG9uZRIUChBUT05FX1VOU1BFQ0lGSUVEEAASDQoJVE9ORV9MT1VEEAEy7gIKBEVjaG8SRwoDU2F5EhwuZmxvdGlsbGEudGVzdGluZy5TYXlSZXF1ZXN0Gh0uZmxvdGlsbGEudGVzdGluZy5TYXlSZXNwb25zZSIDkAIBEkIKA0FkZBIcLmZsb3RpbGxhLnRlc3RpbmcuU2F5UmVxdWVzdBodLmZsb3RpbGxhLnRlc3RpbmcuU2F5UmVzcG9uc2USSgoFQ291bnQSHi5mbG90aWxsYS50ZXN0aW5nLkNvdW50UmVxdWVzdBofLmZsb3RpbGxhLnRlc3RpbmcuQ291bnRSZXNwb25zZTABEkQKA1N1bRIcLmZsb3RpbGxhLnRlc3RpbmcuU3VtUmVxdWVzdBodLmZsb3RpbGxhLnRlc3RpbmcuU3VtUmVzcG9uc2UoARJHCgRDaGF0EhwuZmxvdGlsbGEudGVzdGluZy5TYXlSZXF1ZXN0Gh0uZmxvdGlsbGEudGVzdGluZy5TYXlSZXNwb25zZSgBMAE6NwoFdGFibGUSHy5nb29nbGUucHJvdG9idWYuTWVzc2FnZU9wdGlvbnMY0YYDIAEoCVIFdGFibGViBnByb3RvMw", [file_google_protobuf_descriptor]);

export type SayRequest = Message<"flotilla.testing.SayRequest"> & {
  text: string;

  id: bigint;

  tone?: Tone | undefined;

  labels: { [key: string]: string };
};

export const SayRequestSchema: GenMessage<SayRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_testing_echo, 0);

export type SayResponse = Message<"flotilla.testing.SayResponse"> & {
  text: string;

  id: bigint;
};

export const SayResponseSchema: GenMessage<SayResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_testing_echo, 1);

export type CountRequest = Message<"flotilla.testing.CountRequest"> & {
  to: number;

  /**
   * Bytes of filling in each answer.
   */
  filling: number;
};

export const CountRequestSchema: GenMessage<CountRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_testing_echo, 2);

export type CountResponse = Message<"flotilla.testing.CountResponse"> & {
  number: number;

  filling: Uint8Array;
};

export const CountResponseSchema: GenMessage<CountResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_testing_echo, 3);

export type SumRequest = Message<"flotilla.testing.SumRequest"> & {
  number: number;
};

export const SumRequestSchema: GenMessage<SumRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_testing_echo, 4);

export type SumResponse = Message<"flotilla.testing.SumResponse"> & {
  sum: bigint;
};

export const SumResponseSchema: GenMessage<SumResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_testing_echo, 5);

export const Tone = {
  UNSPECIFIED: 0,

  LOUD: 1,
} as const;

export type Tone = (typeof Tone)[keyof typeof Tone];

export const ToneSchema: GenEnum<Tone> = /*@__PURE__*/
  enumDesc(file_flotilla_testing_echo, 0);

export const Echo: GenService<{
  /**
   * Says what it was told.
   */
  say: {
    methodKind: "unary";
    input: typeof SayRequestSchema;
    output: typeof SayResponseSchema;
  },
  /**
   * Like Say, but calling it twice is not the same as once.
   */
  add: {
    methodKind: "unary";
    input: typeof SayRequestSchema;
    output: typeof SayResponseSchema;
  },
  /**
   * Counts from 1.
   */
  count: {
    methodKind: "server_streaming";
    input: typeof CountRequestSchema;
    output: typeof CountResponseSchema;
  },
  /**
   * Adds up all numbers.
   */
  sum: {
    methodKind: "client_streaming";
    input: typeof SumRequestSchema;
    output: typeof SumResponseSchema;
  },
  /**
   * Says each text as it comes.
   */
  chat: {
    methodKind: "bidi_streaming";
    input: typeof SayRequestSchema;
    output: typeof SayResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_flotilla_testing_echo, 0);

/**
 * What a table of records is called.
 */
export const table: GenExtension<MessageOptions, string> = /*@__PURE__*/
  extDesc(file_flotilla_testing_echo, 0);

