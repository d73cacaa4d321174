import { defineErrors, defineFieldErrors, type ErrorKinds, type FieldErrors } from '@flotilla/contracts';
import { userServiceName } from './user-paths.ts';

const rows = {
  INVALID_USER_ID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The user id is not valid', 'zh-CN': '无效的用户 ID' },
    cause: 'The id is missing or not a whole number from 1 to 9007199254740991.',
    action: 'Send the id as digits only, for example `id=1`.',
  },
  USER_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such user', 'zh-CN': '用户不存在' },
    cause: 'There is no user with this id.',
    action: 'Check the id; `GET /users` lists all users.',
  },
  EMAIL_TAKEN: {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: false,
    message: { en: 'Another user has this email address', 'zh-CN': '邮箱已被使用' },
    cause: 'Email addresses must be unique; case is ignored.',
    action: 'Use another address, or change that of the other user.',
  },
  USER_SERVICE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The user service is not available', 'zh-CN': '用户服务不可用' },
    cause: 'No instance of user-service could be reached.',
    action: 'Retry after `Retry-After`; check that user-service is running and registered.',
  },
} as const;

/** The errors of user-service besides the core errors, and the one for callers while it is unavailable. */
export const userErrors: ErrorKinds<typeof rows> = defineErrors(userServiceName, rows);

const texts = {
  NOT_AN_EMAIL: {
    en: 'must be an email address such as alice@example.com',
    'zh-CN': '必须是邮箱地址，例如 alice@example.com',
  },
  EMAIL_OF_ANOTHER: {
    en: 'belongs to another user (case is ignored)',
    'zh-CN': '已属于其他用户（不区分大小写）',
  },
  NO_SUCH_USER: { en: 'must be the id of a user', 'zh-CN': '必须是已有用户的 ID' },
} as const;

/** What can be wrong with a field, only in user-service. */
export const userFieldErrors: FieldErrors<typeof texts> = defineFieldErrors(userServiceName, texts);
