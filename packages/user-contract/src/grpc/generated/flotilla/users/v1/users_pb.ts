// Generated from proto/flotilla/users/v1/users.proto by "npm run generate": do not edit. b41544e132321279 88f083f52de5f09f
// What user-service promises callers who speak gRPC. Its HTTP API has the same users, rules and errors.
//
// Errors have the status that each method names. `google.rpc.ErrorInfo` in their details has the code as its `reason` (domain
// `flotilla`), `google.rpc.BadRequest` names each field that is wrong, and `google.rpc.RetryInfo` says when to retry. Any
// method may fail with UNAVAILABLE while the service or its database is away: retry reads, and creations with a key.
//
// Metadata of a call, all of it optional:
// - `idempotency-key`: for methods that create. A repeated call with the same key gets the first answer.
// - `accept-language`: the language of messages, `en` or `zh-CN`.
// - `x-request-id` and `traceparent`: appear in the logs of every service that works on the call.
//
// Fields are only ever added to these messages. Ignore those that you do not know.

import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";

export const file_flotilla_users_v1_users: GenFile = /*@__PURE__*/
  fileDesc("Ch1mbG90aWxsYS91c2Vycy92MS91c2Vycy5wcm90bxIRZmxvdGlsbGEudXNlcnMudjEiLwoEVXNlchIKCgJpZBgBIAEoAxIMCgRuYW1lGAIgASgJEg0KBWVtYWlsGAMgASgJIhwKDkdldFVzZXJSZXF1ZXN0EgoKAmlkGAEgASgDIjkKEExpc3RVc2Vyc1JlcXVlc3QSEQoJcGFnZV9zaXplGAEgASgFEhIKCnBhZ2VfdG9rZW4YAiABKAkiVAoRTGlzdFVzZXJzUmVzcG9uc2USJgoFdXNlcnMYASADKAsyFy5mbG90aWxsYS51c2Vycy52MS5Vc2VyEhcKD25leHRfcGFnZV90b2tlbhgCIAEoCSIwChFDcmVhdGVVc2VyUmVxdWVzdBIMCgRuYW1lGAEgASgJEg0KBWVtYWlsGAIgASgJIn0KEVVwZGF0ZVVzZXJSZXF1ZXN0EgoKAmlkGAEgASgDEhEKBG5hbWUYAiABKAlIAIgBARISCgVlbWFpbBgDIAEoCUgBiAEBEhUKCGlmX21hdGNoGAQgASgJSAKIAQFCBwoFX25hbWVCCAoGX2VtYWlsQgsKCV9pZl9tYXRjaCJDChFEZWxldGVVc2VyUmVxdWVzdBIKCgJpZBgBIAEoAxIVCghpZl9tYXRjaBgCIAEoCUgAiAEBQgsKCV9pZl9tYXRjaCIUChJEZWxldGVVc2VyUmVzcG9uc2UyqwMKC1VzZXJTZXJ2aWNlEkoKB0dldFVzZXISIS5mbG90aWxsYS51c2Vycy52MS5HZXRVc2VyUmVxdWVzdBoXLmZsb3RpbGxhLnVzZXJzLnYxLlVzZXIiA5ACARJbCglMaXN0VXNlcnMSIy5mbG90aWxsYS51c2Vycy52MS5MaXN0VXNlcnNSZXF1ZXN0GiQuZmxvdGlsbGEudXNlcnMudjEuTGlzdFVzZXJzUmVzcG9uc2UiA5ACARJLCgpDcmVhdGVVc2VyEiQuZmxvdGlsbGEudXNlcnMudjEuQ3JlYXRlVXNlclJlcXVlc3QaFy5mbG90aWxsYS51c2Vycy52MS5Vc2VyEksKClVwZGF0ZVVzZXISJC5mbG90aWxsYS51c2Vycy52MS5VcGRhdGVVc2VyUmVxdWVzdBoXLmZsb3RpbGxhLnVzZXJzLnYxLlVzZXISWQoKRGVsZXRlVXNlchIkLmZsb3RpbGxhLnVzZXJzLnYxLkRlbGV0ZVVzZXJSZXF1ZXN0GiUuZmxvdGlsbGEudXNlcnMudjEuRGVsZXRlVXNlclJlc3BvbnNlYgZwcm90bzM");

/**
 * A user.
 */
export type User = Message<"flotilla.users.v1.User"> & {
  /**
   * From 1 to 9007199254740991 (2^53 - 1). Assigned by the service, and never reused, even after the user is deleted.
   */
  id: bigint;

  /**
   * At most 100 characters, as UTF-16 counts them.
   */
  name: string;

  /**
   * As it was entered. Unique, ignoring case.
   */
  email: string;
};

export const UserSchema: GenMessage<User> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 0);

export type GetUserRequest = Message<"flotilla.users.v1.GetUserRequest"> & {
  /**
   * Required.
   */
  id: bigint;
};

export const GetUserRequestSchema: GenMessage<GetUserRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 1);

export type ListUsersRequest = Message<"flotilla.users.v1.ListUsersRequest"> & {
  /**
   * The largest number of users in the answer, at most 1000. 0 means 1000.
   */
  pageSize: number;

  /**
   * `next_page_token` of the answer before. Empty for the first page.
   */
  pageToken: string;
};

export const ListUsersRequestSchema: GenMessage<ListUsersRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 2);

export type ListUsersResponse = Message<"flotilla.users.v1.ListUsersResponse"> & {
  users: User[];

  /**
   * Where the next page begins. Empty on the last page.
   */
  nextPageToken: string;
};

export const ListUsersResponseSchema: GenMessage<ListUsersResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 3);

export type CreateUserRequest = Message<"flotilla.users.v1.CreateUserRequest"> & {
  /**
   * Required. One line of text of 1 to 100 characters, as UTF-16 counts them. Spaces around it are removed.
   */
  name: string;

  /**
   * Required. An address such as alice@example.com that no other user has, ignoring case. Spaces around it are removed.
   */
  email: string;
};

export const CreateUserRequestSchema: GenMessage<CreateUserRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 4);

export type UpdateUserRequest = Message<"flotilla.users.v1.UpdateUserRequest"> & {
  /**
   * Required.
   */
  id: bigint;

  /**
   * As in `CreateUserRequest`. Stays as it is if not set.
   */
  name?: string | undefined;

  /**
   * As in `CreateUserRequest`. Stays as it is if not set.
   */
  email?: string | undefined;

  /**
   * Change the user only if it still has this `etag`, with its double quotes; `*` for any. Several are separated by commas.
   * If not set, the user is changed whatever it is now.
   */
  ifMatch?: string | undefined;
};

export const UpdateUserRequestSchema: GenMessage<UpdateUserRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 5);

export type DeleteUserRequest = Message<"flotilla.users.v1.DeleteUserRequest"> & {
  /**
   * Required.
   */
  id: bigint;

  /**
   * Delete the user only if it still has this `etag`. As in `UpdateUserRequest`.
   */
  ifMatch?: string | undefined;
};

export const DeleteUserRequestSchema: GenMessage<DeleteUserRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 6);

export type DeleteUserResponse = Message<"flotilla.users.v1.DeleteUserResponse"> & {
};

export const DeleteUserResponseSchema: GenMessage<DeleteUserResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_users_v1_users, 7);

/**
 * Reads and changes users.
 */
export const UserService: GenService<{
  /**
   * Returns one user. The metadata of the answer has its `etag`.
   *
   * NOT_FOUND `USER_NOT_FOUND`: there is no user with this id.
   * INVALID_ARGUMENT `INVALID_USER_ID`: the id is not valid.
   */
  getUser: {
    methodKind: "unary";
    input: typeof GetUserRequestSchema;
    output: typeof UserSchema;
  },
  /**
   * Lists users in the order of their ids, page by page.
   *
   * INVALID_ARGUMENT `INVALID_REQUEST`: the page size is out of range, or the page token is not from an earlier answer.
   */
  listUsers: {
    methodKind: "unary";
    input: typeof ListUsersRequestSchema;
    output: typeof ListUsersResponseSchema;
  },
  /**
   * Adds a user and returns it with its id. The metadata of the answer has its `etag`.
   *
   * INVALID_ARGUMENT `INVALID_REQUEST`: a field is missing or not valid.
   * ALREADY_EXISTS `EMAIL_TAKEN`: another user has this address.
   * INVALID_ARGUMENT `IDEMPOTENCY_KEY_REUSED`: the key was used for another request.
   * ABORTED `IDEMPOTENCY_IN_PROGRESS`: the first call with this key is still running. Retry.
   */
  createUser: {
    methodKind: "unary";
    input: typeof CreateUserRequestSchema;
    output: typeof UserSchema;
  },
  /**
   * Changes the fields that are set, and returns the user. The metadata of the answer has its new `etag`.
   *
   * NOT_FOUND `USER_NOT_FOUND`: there is no user with this id.
   * INVALID_ARGUMENT `INVALID_USER_ID` or `INVALID_REQUEST`: a field is not valid, or none is set.
   * ALREADY_EXISTS `EMAIL_TAKEN`: another user has this address.
   * FAILED_PRECONDITION `PRECONDITION_FAILED`: the user has changed since `if_match` was read.
   */
  updateUser: {
    methodKind: "unary";
    input: typeof UpdateUserRequestSchema;
    output: typeof UserSchema;
  },
  /**
   * Deletes a user. Its orders stay: they belong to another service, which cancels those that are open.
   *
   * NOT_FOUND `USER_NOT_FOUND`: there is no user with this id.
   * INVALID_ARGUMENT `INVALID_USER_ID`: the id is not valid.
   * FAILED_PRECONDITION `PRECONDITION_FAILED`: the user has changed since `if_match` was read.
   */
  deleteUser: {
    methodKind: "unary";
    input: typeof DeleteUserRequestSchema;
    output: typeof DeleteUserResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_flotilla_users_v1_users, 0);

