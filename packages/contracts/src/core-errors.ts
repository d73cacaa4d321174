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
  INVALID_SETTING: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: {
      en: 'The service {service} does not take this value of {setting}',
      'zh-CN': '服务 {service} 不接受 {setting} 的这个值',
    },
    cause: 'The service has published which settings it has and what they may be; `detail` says what is wrong.',
    action: 'Write a value that the service takes, or correct the name of the setting.',
  },
  AMBIGUOUS_TARGET: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The request target is ambiguous', 'zh-CN': '请求路径存在歧义' },
    cause:
      'The path, or a value that the gateway was to put into a path, contains dot segments, encoded slashes, backslashes, empty segments or control characters.',
    action: 'Send the path in its normal form.',
  },
  FOREIGN_ORIGIN: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: {
      en: 'Pages from other origins may not change anything here',
      'zh-CN': '不允许其他来源的页面在此执行更改操作',
    },
    cause:
      'A browser sent the request for a page from another origin (`Origin`, `Sec-Fetch-Site`), and the request would change something or open a WebSocket.',
    action:
      'Call from a page of the same origin, or add the origin of the page to `ALLOWED_ORIGINS`. That setting does not apply to the port for operators, and lets pages only send telemetry to the dashboard.',
  },
  SERVICE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: true,
    message: { en: 'No such service', 'zh-CN': '服务不存在' },
    detail: {
      en: 'No available instance is registered under the name {name}',
      'zh-CN': '没有以 {name} 为名的可用实例',
    },
    cause: 'No healthy instance is registered under this name.',
    action: 'Compare the name with `GET /services`. Check that the service runs and can reach the registry.',
  },
  INSTANCE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such instance', 'zh-CN': '服务实例不存在' },
    detail: { en: 'The service {name} has no instance {id}', 'zh-CN': '服务 {name} 没有实例 {id}' },
    cause: 'The service has no instance with this id, or its lease has expired.',
    action: 'Compare the id with `GET /services/{name}/instances`.',
  },
  CHECK_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such check', 'zh-CN': '健康检查不存在' },
    detail: {
      en: 'The instance {name}/{id} has no check {check}',
      'zh-CN': '服务实例 {name}/{id} 没有健康检查 {check}',
    },
    cause: 'The instance has no check with this id, or the check was removed.',
    action: 'Compare the id with `GET /services/{name}/instances/{id}/checks`.',
  },
  LEASE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such lease', 'zh-CN': '租约不存在' },
    detail: { en: 'The service {name} has no instance {id}', 'zh-CN': '服务 {name} 没有实例 {id}' },
    cause: 'The lease has expired, or the instance was deregistered.',
    action: 'Register the instance again.',
  },
  KEY_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such key', 'zh-CN': '键不存在' },
    detail: { en: 'There is no key {key}', 'zh-CN': '没有名为 {key} 的键' },
    cause: 'Nobody has written the key, or it was removed.',
    action: 'Compare the name with `GET /kv?prefix=&keys=true`. Keys are case-sensitive.',
  },
  SESSION_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such session', 'zh-CN': '会话不存在' },
    detail: { en: 'There is no session {id}', 'zh-CN': '没有编号为 {id} 的会话' },
    cause: 'The session was ended, was not renewed in time, or has lost the instance or the check that it depends on.',
    action: 'Create a new session, and take the locks again. Somebody else may have them by now.',
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
    cause: 'The path exists, but not with this method; `Allow` lists the methods that it supports.',
    action: 'Use one of the methods in `Allow`.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'None of the accepted media types is available', 'zh-CN': '无法提供可接受的媒体类型' },
    cause: 'The `Accept` header excludes every media type that this resource has.',
    action: 'Accept `application/json` or `*/*`, or `text/event-stream` for an event stream.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    message: { en: 'The request took too long to arrive', 'zh-CN': '请求接收超时' },
    cause: 'The head or the body did not arrive within the time limit.',
    action: 'Send the request without long pauses.',
  },
  REGISTRATION_LOST: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'A newer registration has replaced this one', 'zh-CN': '该注册已被更新的注册取代' },
    cause:
      'Another process registered later with the same instance id, or with the same address and port; the logs of both name it.',
    action:
      'Give each process its own `INSTANCE_ID`, or none, and make sure that each announces its own address and port.',
  },
  REGISTRATION_LIMIT: {
    status: 403,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    message: {
      en: 'Registration limit reached: {setting} allows {limit}',
      'zh-CN': '已达到注册上限：{setting} 为 {limit}',
    },
    cause: 'The registry has reached a limit on instances or metadata: in total, for this service, or for this client.',
    action:
      'Register less metadata, deregister what you do not need, or raise the setting that the message names. Behind a proxy or NAT, all programs count as one client.',
  },
  REGISTRATION_HELD: {
    status: 409,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: {
      en: 'Only the process that made this registration may do this',
      'zh-CN': '只有创建该注册的进程才能执行此操作',
    },
    cause: 'The instance was registered with a token, and the request does not have it in `x-registration-token`.',
    action:
      'Send the token. Without it, an operator can set the status `maintenance`, or deregister with `DELETE …?force=true`.',
  },
  SESSION_LINK_BROKEN: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: true,
    message: { en: 'The session would end at once', 'zh-CN': '会话会立即失效' },
    cause: 'An instance or a check that the session is to depend on is not there, or is critical; `detail` says which.',
    action: 'Create the session when the instance is registered and its check passes.',
  },
  REVISION_CONFLICT: {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    message: { en: 'The record was changed in the meantime', 'zh-CN': '记录已被修改' },
    cause: 'A conditional write named a revision that is no longer current.',
    action: 'Read the record again, and apply the change to what you read.',
  },
  REVISION_COMPACTED: {
    status: 410,
    grpc: 'OUT_OF_RANGE',
    retryable: false,
    message: { en: 'The history before this revision is no longer available', 'zh-CN': '该修订号之前的历史已被清理' },
    cause: 'A watch asked to resume from a revision that is too old, or that this registry has never reached.',
    action: 'Watch again without a revision: the stream then starts with the current state.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'The record is not the one you read', 'zh-CN': '记录已不是您读取时的内容' },
    cause: 'The request has `If-Match` or `If-None-Match`, and the record has changed since you read it.',
    action: 'Read it again, look at what has changed, and send your change with the new `ETag` in `If-Match`.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    message: { en: 'The body is larger than {limitBytes} bytes', 'zh-CN': '请求体超过 {limitBytes} 字节' },
    cause: 'The body exceeds the limit of this route.',
    action: 'Send less, or split it into several requests.',
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
    cause: 'The `Content-Type` or `Content-Encoding` is missing, or this route does not accept it.',
    action: 'Send the body in the type that the message names, without a content coding.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'Only "Expect: 100-continue" is supported', 'zh-CN': '仅支持 "Expect: 100-continue"' },
    cause: 'The `Expect` header has another value.',
    action: 'Remove the header, or send exactly `100-continue`.',
  },
  FOREIGN_HOST: {
    status: 421,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'This program does not answer to that host name', 'zh-CN': '请求的主机名不属于本程序' },
    cause:
      'The `Host` of the request is not a known name of this program; a malicious page could have led a browser here (DNS rebinding).',
    action: 'Use an IP address or a known name of the program, or add the name to `ALLOWED_HOSTS`.',
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
    cause:
      'The client closed the connection before the answer. Appears only in logs and metrics: no client is left to read it.',
    action: 'Nothing. If it is frequent, look for clients whose timeouts are shorter than the answer takes.',
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
    cause:
      'The request needs something that the program does not offer, such as `CONNECT` or an unknown transfer coding.',
    action: 'Send the request without it.',
  },
  BAD_GATEWAY: {
    status: 502,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: {
      en: 'The service {service} gave an invalid answer',
      'zh-CN': '服务 {service} 返回了无效的响应',
    },
    cause: 'The upstream closed the connection, or its response breaks RFC 9112 or does not fit into an aggregate.',
    action: 'See the log line with the same request id: it names the instance and the mistake.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The service {service} is not available', 'zh-CN': '服务 {service} 不可用' },
    cause: 'No instance of the service is registered, or none can be reached.',
    action: 'Try again after `Retry-After`. Check that the service runs and is registered.',
  },
  REGISTRY_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The service registry cannot be reached', 'zh-CN': '服务注册中心不可用' },
    cause: 'The registry did not answer, or not in time.',
    action: 'Check that the registry runs and that `REGISTRY_URL` has its address.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The database is temporarily unavailable', 'zh-CN': '数据库暂不可用' },
    cause: 'The database is locked, full or unreachable.',
    action: 'Try again after `Retry-After`. The log has the cause.',
  },
  OVERLOADED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'Too many requests at the moment', 'zh-CN': '服务繁忙' },
    cause: 'A limit on connections or on requests in progress was reached.',
    action: 'Try again after `Retry-After`, and send fewer requests.',
  },
  GATEWAY_EXHAUSTED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The gateway is temporarily out of resources', 'zh-CN': '网关资源暂时耗尽' },
    cause:
      'The gateway had no file descriptor, local port or memory for a connection to the service; the log has the cause.',
    action: 'Try again after `Retry-After`. Allow the gateway more open files (`ulimit -n`), or lower its `limits`.',
  },
  SHUTTING_DOWN: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The program is shutting down', 'zh-CN': '服务正在关闭' },
    cause: 'The request arrived after the program was told to stop.',
    action: 'Send it again: another instance will serve it.',
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    message: { en: 'The deadline of the call has passed', 'zh-CN': '调用已超过截止时间' },
    cause:
      'The call was not answered within the `grpc-timeout` of its caller, or within the longest time that the server allows.',
    action: 'Allow the call more time. If that does not help, look in the traces for what takes so long.',
  },
  GATEWAY_TIMEOUT: {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    message: { en: 'The service {service} did not answer in time', 'zh-CN': '服务 {service} 响应超时' },
    cause: "The upstream did not connect, answer or make progress within the route's deadline.",
    action: 'Try again. If it persists, check the latency of the service and the timeouts of the route.',
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
    action: 'Use one of the versions that the message names.',
  },
  KEY_LIMIT: {
    status: 507,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    message: {
      en: 'No more room for keys: {setting} allows {limit}',
      'zh-CN': '键空间已满：{setting} 为 {limit}',
    },
    cause: 'The registry has reached a limit on keys, on their bytes, or on sessions.',
    action: 'Remove keys or sessions that nobody needs, or raise the setting that the message names.',
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
      "`Via` already contains this gateway's own name: an instance of the service is the gateway itself, or leads back to it.",
    action: 'Check the instances of the service: one of them has the address of a gateway.',
  },
  UNAUTHENTICATED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    retryable: false,
    message: { en: 'Authentication is required', 'zh-CN': '需要身份验证' },
    cause: 'A service needed for the answer asked for credentials; `WWW-Authenticate` says for which.',
    action: 'Send the request again with valid credentials.',
  },
  FORBIDDEN: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'This is not allowed', 'zh-CN': '没有访问权限' },
    cause: 'A service needed for the answer knows the caller and refuses.',
    action: 'Use other credentials, or ask for the permission.',
  },
  NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'Not found', 'zh-CN': '请求的内容不存在' },
    cause: 'No record has this id, or a service needed for the answer does not know what the request asks for.',
    action: 'Check the ids in the request.',
  },
  ALREADY_EXISTS: {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: false,
    message: { en: 'This already exists', 'zh-CN': '该内容已存在' },
    cause: 'A value that must be unique belongs to another record.',
    action: 'Use another value, or change the record that has it.',
  },
  CONFLICT: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'The request conflicts with the current state', 'zh-CN': '请求与资源的当前状态冲突' },
    cause: 'A service needed for the answer is in a state that does not allow it.',
    action: 'Check the current state, and change the request to fit it.',
  },
  GONE: {
    status: 410,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'This no longer exists', 'zh-CN': '请求的内容已被永久移除' },
    cause: 'A service needed for the answer once had it, and no longer has it.',
    action: 'Stop asking for it.',
  },
  EVENTS_GONE: {
    status: 410,
    grpc: 'OUT_OF_RANGE',
    retryable: false,
    message: { en: 'The events after this position are not available', 'zh-CN': '该位置之后的事件已不可用' },
    cause: 'They are older than events are kept, or the service has another database than when it gave the position.',
    action: 'Ask for `/events` without `after`, copy the records, and follow from `newest` of that answer.',
  },
  UNPROCESSABLE: {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The request is well-formed but cannot be carried out', 'zh-CN': '请求格式正确，但无法处理' },
    cause: 'A service needed for the answer found the values well-formed but not usable.',
    action: 'Correct the values; `detail` may name them.',
  },
  INVALID_IDEMPOTENCY_KEY: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The idempotency key is not valid', 'zh-CN': '幂等键无效' },
    cause:
      '`Idempotency-Key` is given twice, is not a text in double quotes, is empty, or has more than 255 characters.',
    action:
      'Send one key in double quotes, such as a random UUID: `Idempotency-Key: "8e03978e-40d5-43e8-bc93-6894a57f9324"`.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'This idempotency key was used for another request', 'zh-CN': '该幂等键已用于其他请求' },
    cause: 'An earlier request had the same `Idempotency-Key` and another body.',
    action: 'Use a new key for each new request, and the same key only to repeat a request as it was.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    message: {
      en: 'A request with this idempotency key is still in progress',
      'zh-CN': '使用该幂等键的请求仍在处理中',
    },
    cause:
      'The same request was sent a moment ago. It has not been answered yet, or the instance that worked on it has died.',
    action: 'Send the request again with the same key after `Retry-After`.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    message: { en: 'Too many requests in a short time', 'zh-CN': '请求过于频繁' },
    cause: 'This client has reached a limit on how often it may ask.',
    action: 'Wait as long as `Retry-After` says, then ask less often.',
  },
  UNAVAILABLE_FOR_LEGAL_REASONS: {
    status: 451,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    message: { en: 'This is not available for legal reasons', 'zh-CN': '因法律原因无法提供' },
    cause: 'A service needed for the answer may not show it.',
    action: 'Nothing: asking again does not help.',
  },
} as const;

/**
 * All errors that programs and the chassis answer with; those of a single service are in its contract. Published codes
 * never change: clients match on them. The Chinese texts of the first rows are those of the tutorial that the system
 * grew out of.
 */
export const coreErrors: ErrorKinds<typeof rows> = kindsOf('flotilla', rows);

/** The code of one of the {@link coreErrors}. */
export type CoreErrorCode = keyof typeof coreErrors;

/** An error known by name: a core code, or an error that a service's contract defines. */
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
    `Unknown error code "${String(error)}". docs/errors.md lists the core's codes; define those of a service in its contract, with defineErrors().`,
  );
}

/** Whether `code` is one of the core's. */
export function isCoreErrorCode(code: string): code is CoreErrorCode {
  // A plain object has inherited keys too, hence hasOwn.
  return Object.hasOwn(coreErrors, code);
}
