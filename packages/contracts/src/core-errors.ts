import { type ErrorKind, type ErrorKinds, kindsOf } from './error-kind.ts';

const rows = {
  INVALID_REQUEST: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The request is not valid', 'zh-CN': '无效的请求' },
    cause: 'A field is missing, unknown, of the wrong type, or out of range; `errors` names each one.',
    action: 'Correct the fields named in `errors` and send the request again.',
  },
  INVALID_JSON: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The body is not valid JSON in UTF-8', 'zh-CN': '请求体不是有效的 UTF-8 JSON' },
    cause: 'The body could not be parsed, or its bytes are not UTF-8.',
    action: 'Send one complete JSON value, encoded in UTF-8.',
  },
  BAD_MESSAGE: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The HTTP message is malformed', 'zh-CN': 'HTTP 报文格式错误' },
    cause:
      'The message breaks a rule of RFC 9112 that could make two parties read it differently; `detail` says which.',
    action: 'Use an HTTP library that follows RFC 9112. The connection is closed after this answer.',
  },
  AMBIGUOUS_TARGET: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The request target can be read in two ways', 'zh-CN': '请求路径存在歧义' },
    cause:
      'The path, or a value that the gateway was to put into a path, holds dot segments, encoded slashes, backslashes, empty segments or control characters.',
    action: 'Send the path in its normal form.',
  },
  FOREIGN_ORIGIN: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'A page from elsewhere may not change anything here', 'zh-CN': '不允许外部页面执行更改操作' },
    cause:
      'A browser sent the request for a page of another origin (`Origin`, `Sec-Fetch-Site`), and it would change something or open a WebSocket.',
    action:
      'Call from a page of the same origin, or add the origin of the page to `ALLOWED_ORIGINS`, which does not count on the port for operators.',
  },
  SERVICE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: true,
    message: { en: 'No such service', 'zh-CN': '服务不存在' },
    detail: { en: 'No served instance is registered under the name {name}', 'zh-CN': '没有以 {name} 为名的可用实例' },
    cause: 'No healthy instance is registered under this name.',
    action: 'Check the name against `GET /services`, and that the service runs and can reach the registry.',
  },
  INSTANCE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such instance', 'zh-CN': '服务实例不存在' },
    detail: { en: 'The service {name} has no instance {id}', 'zh-CN': '服务 {name} 没有实例 {id}' },
    cause: 'The service has no instance with this id, or its lease has run out.',
    action: 'Check the id against `GET /services/{name}/instances`.',
  },
  LEASE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such lease', 'zh-CN': '租约不存在' },
    detail: { en: 'The service {name} has no instance {id}', 'zh-CN': '服务 {name} 没有实例 {id}' },
    cause: 'The lease ran out or the instance was deregistered.',
    action: 'Register the instance again.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    grpc: 'UNIMPLEMENTED',
    retryable: false,
    message: { en: 'Nothing is served at this path', 'zh-CN': '路径不存在' },
    cause: 'No route matches the path.',
    action: 'Check the path.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    grpc: 'UNIMPLEMENTED',
    retryable: false,
    message: { en: 'Only {methods} is supported', 'zh-CN': '只支持 {methods} 方法' },
    cause: 'The path exists, but not with this method; `Allow` lists those it has.',
    action: 'Use one of the methods in `Allow`.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'None of the accepted media types can be produced', 'zh-CN': '无法提供可接受的媒体类型' },
    cause: 'The `Accept` header excludes everything this resource can be shown as.',
    action: 'Accept `application/json` or `*/*`; for an event stream `text/event-stream`.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    message: { en: 'The request took too long to arrive', 'zh-CN': '请求接收超时' },
    cause: 'The head or the body did not arrive in the time allowed.',
    action: 'Send the request without long pauses.',
  },
  REGISTRATION_LOST: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'A newer registration has taken the place of this one', 'zh-CN': '该注册已被更新的注册取代' },
    cause:
      'Another process has registered with the same instance id, or with the same address and port, after this one; both logs name it.',
    action:
      'Give each process an `INSTANCE_ID` of its own, or none, and see that each announces its own address and port.',
  },
  REGISTRATION_LIMIT: {
    status: 403,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    message: {
      en: 'No more can be registered: {setting} allows {limit}',
      'zh-CN': '无法注册更多内容：{setting} 的上限为 {limit}',
    },
    cause:
      'The registry has as many instances, or as much metadata, as it may: in all, of this service, or from this client.',
    action:
      'Register less metadata, deregister what is not needed, or raise the setting of the registry that the message names. Behind a proxy or NAT all programs count as one client.',
  },
  REGISTRATION_HELD: {
    status: 409,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: {
      en: 'Only the process that made this registration can do this',
      'zh-CN': '只有创建该注册的进程才能执行此操作',
    },
    cause: 'The instance was registered with a token, and the request does not show it in `x-registration-token`.',
    action:
      'Show the token. An operator without it sets the status `maintenance`, or deregisters with `DELETE …?force=true`.',
  },
  REVISION_CONFLICT: {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    message: { en: 'The record was changed in the meantime', 'zh-CN': '记录已被修改' },
    cause: 'A conditional write named a revision that is no longer the current one.',
    action: 'Read the record again and repeat the change on what you read.',
  },
  REVISION_COMPACTED: {
    status: 410,
    grpc: 'OUT_OF_RANGE',
    retryable: false,
    message: { en: 'The history before this revision is no longer kept', 'zh-CN': '该版本之前的历史已被清理' },
    cause: 'A watch asked to resume from a revision that is too old, or one this registry has never reached.',
    action: 'Watch again without a revision: the stream then starts with everything there is.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'The record is not the one you read', 'zh-CN': '记录已不是您读取时的内容' },
    cause: 'The request has `If-Match` or `If-None-Match`, and the record was changed since it was read.',
    action: 'Read it again, look at what has changed, and send the change with the new `ETag` in `If-Match`.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    message: { en: 'The body is larger than {limitBytes} bytes', 'zh-CN': '请求体超过 {limitBytes} 字节' },
    cause: 'The body exceeds the limit of this route.',
    action: 'Send less, or in several requests.',
  },
  URI_TOO_LONG: {
    status: 414,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The request target is too long', 'zh-CN': '请求路径过长' },
    cause: 'The request line exceeds the limit.',
    action: 'Shorten the path or the query.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The body must be {expected}', 'zh-CN': '请求体必须是 {expected}' },
    cause: 'The `Content-Type` or `Content-Encoding` is missing or not one this route reads.',
    action: 'Send the body in the type named in the message, without a content coding.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'Only "Expect: 100-continue" is supported', 'zh-CN': '仅支持 "Expect: 100-continue"' },
    cause: 'The `Expect` header holds something else.',
    action: 'Remove the header or send exactly `100-continue`.',
  },
  FOREIGN_HOST: {
    status: 421,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'This program does not have that name', 'zh-CN': '请求的主机名不属于本程序' },
    cause:
      'The `Host` of the request is a name that is not known to be this program’s; a page could have led a browser here by it.',
    action: 'Use an IP address or a name of the program, or add the name to `ALLOWED_HOSTS`.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    message: { en: 'The header section is too large', 'zh-CN': '请求头过大' },
    cause: 'Too many header fields, or too many bytes of them.',
    action: 'Send fewer or shorter header fields; large cookies are the usual cause.',
  },
  CLIENT_CLOSED_REQUEST: {
    status: 499,
    grpc: 'CANCELLED',
    retryable: false,
    message: { en: 'The client closed the connection', 'zh-CN': '客户端已断开连接' },
    cause: 'The client went away before the answer. Seen in logs and metrics only: nobody is left to read it.',
    action: 'Nothing, unless it is frequent: then look for clients with timeouts shorter than the answer takes.',
  },
  INTERNAL: {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    message: { en: 'Something went wrong on our side', 'zh-CN': '服务器内部错误' },
    cause: 'A defect in the program. The log line with the same request id has the cause.',
    action: 'Report it with the request id.',
  },
  NOT_IMPLEMENTED: {
    status: 501,
    grpc: 'UNIMPLEMENTED',
    retryable: false,
    message: { en: 'This is not supported here', 'zh-CN': '不支持该功能' },
    cause: 'The request needs something the program does not offer, such as `CONNECT` or an unknown transfer coding.',
    action: 'Send the request without it.',
  },
  BAD_GATEWAY: {
    status: 502,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: {
      en: 'The service {service} gave an answer that cannot be passed on',
      'zh-CN': '服务 {service} 返回了无效的响应',
    },
    cause:
      'The upstream closed the connection, its response breaks RFC 9112, or is not what an answer of several parts needs.',
    action: 'Look at the log line with the same request id: it names the instance and what was wrong.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The service {service} is not available', 'zh-CN': '服务 {service} 不可用' },
    cause: 'No instance of the service is registered, or none could be reached.',
    action: 'Try again after `Retry-After`; check that the service runs and is registered.',
  },
  REGISTRY_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The service registry cannot be reached', 'zh-CN': '服务注册中心不可用' },
    cause: 'The registry did not answer, or not in time.',
    action: 'Check that the registry runs and that `REGISTRY_URL` names it.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The database cannot be used at the moment', 'zh-CN': '数据库暂不可用' },
    cause: 'The database is locked, full or cannot be reached.',
    action: 'Try again after `Retry-After`; the log has the cause.',
  },
  OVERLOADED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'Too many requests are being served at the moment', 'zh-CN': '服务繁忙' },
    cause: 'A limit on connections or requests in flight was reached.',
    action: 'Try again after `Retry-After`, and less often.',
  },
  GATEWAY_EXHAUSTED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The gateway is out of resources at the moment', 'zh-CN': '网关资源暂时耗尽' },
    cause:
      'The gateway had no file descriptor, local port or memory for a connection to the service; the log has the cause.',
    action: 'Try again after `Retry-After`. Give the gateway more open files (`ulimit -n`), or lower its `limits`.',
  },
  SHUTTING_DOWN: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The program is shutting down', 'zh-CN': '服务正在关闭' },
    cause: 'The request came after the program was told to stop.',
    action: 'Send it again: another instance will serve it.',
  },
  GATEWAY_TIMEOUT: {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    message: { en: 'The service {service} did not answer in time', 'zh-CN': '服务 {service} 响应超时' },
    cause: "The upstream did not connect, answer or make progress within the route's deadline.",
    action: 'Try again; if it stays, look at the latency of the service or the timeouts of the route.',
  },
  HTTP_VERSION_NOT_SUPPORTED: {
    status: 505,
    grpc: 'UNIMPLEMENTED',
    retryable: false,
    message: {
      en: 'Only HTTP/1.0, HTTP/1.1 and, over TLS, HTTP/2 are supported',
      'zh-CN': '仅支持 HTTP/1.0、HTTP/1.1 以及基于 TLS 的 HTTP/2',
    },
    cause: 'The request line names another version.',
    action: 'Use one of the versions named.',
  },
  LOOP_DETECTED: {
    status: 508,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: {
      en: 'The request came back to a gateway it had already passed',
      'zh-CN': '请求又回到了它已经过的网关',
    },
    cause:
      "`Via` already has this gateway's own name: an instance that a route leads to is the gateway itself, or leads back to it.",
    action: 'Look at the instances of the service that the route names: one of them has the address of a gateway.',
  },
  UNAUTHENTICATED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    retryable: false,
    message: { en: 'Authentication is required', 'zh-CN': '需要身份验证' },
    cause: 'A service that the answer needs asked for credentials; `WWW-Authenticate` has what it asked for.',
    action: 'Send the request again with credentials that are still valid.',
  },
  FORBIDDEN: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'This is not allowed', 'zh-CN': '没有访问权限' },
    cause: 'A service that the answer needs knows who asks and refuses.',
    action: 'Ask with other credentials, or have the right granted.',
  },
  NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'There is no such thing', 'zh-CN': '请求的内容不存在' },
    cause: 'There is no record with this id, or a service that the answer needs does not know what was asked for.',
    action: 'Check the ids in the request.',
  },
  ALREADY_EXISTS: {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: false,
    message: { en: 'This exists already', 'zh-CN': '该内容已存在' },
    cause: 'A value that only one record can have belongs to another one.',
    action: 'Use another value, or change the record that has it.',
  },
  CONFLICT: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'The request conflicts with the state of what it asks for', 'zh-CN': '请求与资源的当前状态冲突' },
    cause: 'A service that the answer needs is in a state that does not allow it.',
    action: 'Look at the present state and ask for what fits it.',
  },
  GONE: {
    status: 410,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'This is gone for good', 'zh-CN': '请求的内容已被永久移除' },
    cause: 'A service that the answer needs once had it and has it no longer.',
    action: 'Stop asking for it.',
  },
  UNPROCESSABLE: {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The request is understood but cannot be carried out', 'zh-CN': '请求格式正确，但无法处理' },
    cause: 'A service that the answer needs found the values well-formed and yet not usable.',
    action: 'Correct the values; `detail` may say which.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    message: { en: 'Too many requests in a short time', 'zh-CN': '请求过于频繁' },
    cause: 'A limit on how often this client may ask was reached.',
    action: 'Wait as long as `Retry-After` says, then ask less often.',
  },
  UNAVAILABLE_FOR_LEGAL_REASONS: {
    status: 451,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'This is not available for legal reasons', 'zh-CN': '因法律原因无法提供' },
    cause: 'A service that the answer needs may not show it.',
    action: 'Nothing: asking again does not help.',
  },
} as const;

/**
 * Every error that programs and the chassis answer with; those of a single service stand in its contract. A code is
 * stable once published: clients match on it. The Chinese texts of the first rows are the words of the tutorial the
 * system grew out of.
 */
export const coreErrors: ErrorKinds<typeof rows> = kindsOf('flotilla', rows);

/** The code of one of the {@link coreErrors}. */
export type CoreErrorCode = keyof typeof coreErrors;

/** An error that is known by name: a code of the core, or what a service's contract defines. */
export type KnownError = CoreErrorCode | ErrorKind;

/**
 * What is said of an error.
 *
 * @throws TypeError when the core has no such code: a mistake in the program, which types alone can't keep out of plain JavaScript
 */
export function kindOf(error: KnownError): ErrorKind {
  if (typeof error !== 'string') return error;
  if (isCoreErrorCode(error)) return coreErrors[error];
  throw new TypeError(
    `There is no error code "${String(error)}" in the core. docs/errors.md lists them; an error of one service is defined in its contract, with defineErrors().`,
  );
}

/** Whether `code` is one of the core's. */
export function isCoreErrorCode(code: string): code is CoreErrorCode {
  // A plain object has inherited keys too, hence hasOwn.
  return Object.hasOwn(coreErrors, code);
}
