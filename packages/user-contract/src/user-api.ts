import { type ApiFacts, defineApi, idParameter, type Operation } from '@flotilla/kit/api';
import { type PageQuery, pageQueryShape } from '@flotilla/kit/resource';
import { z } from 'zod';
import { type NewUser, newUserSchema, type User, type UserChange, userChangeSchema, userSchema } from './user.ts';
import { userErrors } from './user-errors.ts';
import { userPaths } from './user-paths.ts';

/** Which user, in path or query. */
interface UserId {
  readonly id: number;
}

/** The operations of user-service, as types. */
export interface UserApi {
  readonly getUserByQuery: Operation<{ query: UserId; answer: User }>;
  readonly listUsers: Operation<{ query: PageQuery; answer: readonly User[]; paged: true }>;
  readonly createUser: Operation<{ body: NewUser; answer: User }>;
  readonly getUser: Operation<{ params: UserId; answer: User }>;
  readonly updateUser: Operation<{ params: UserId; body: UserChange; answer: User }>;
  readonly deleteUser: Operation<{ params: UserId }>;
}

const facts: ApiFacts = { tag: { en: 'Users', 'zh-CN': '用户' }, errors: ['STORAGE_UNAVAILABLE'] };
const { INVALID_USER_ID, USER_NOT_FOUND, EMAIL_TAKEN } = userErrors;
const one = `${userPaths.all}/{id}`;
const id = idParameter(INVALID_USER_ID);

/** The operations of user-service. */
export const userApi: UserApi = defineApi(facts, {
  getUserByQuery: {
    method: 'GET',
    path: userPaths.byQuery,
    summary: { en: 'Find a user by a query parameter', 'zh-CN': '按查询参数获取用户' },
    query: { id },
    answers: { 200: userSchema },
    errors: [INVALID_USER_ID, USER_NOT_FOUND],
  },
  listUsers: {
    method: 'GET',
    path: userPaths.all,
    summary: { en: 'List the users in the order of their ids', 'zh-CN': '按 ID 顺序列出用户' },
    query: { ...pageQueryShape },
    answers: { 200: z.array(userSchema) },
    paged: true,
  },
  createUser: {
    method: 'POST',
    path: userPaths.all,
    summary: { en: 'Add a user', 'zh-CN': '新增用户' },
    body: newUserSchema,
    answers: { 201: userSchema },
    errors: [EMAIL_TAKEN],
    idempotent: true,
    location: (user: User) => userPaths.one(user.id),
  },
  getUser: {
    method: 'GET',
    path: one,
    summary: { en: 'Find a user', 'zh-CN': '获取用户' },
    params: { id },
    answers: { 200: userSchema },
    errors: [INVALID_USER_ID, USER_NOT_FOUND],
  },
  updateUser: {
    method: 'PATCH',
    path: one,
    summary: { en: 'Change a user', 'zh-CN': '修改用户' },
    description: { en: 'Fields that are left out stay as they are.', 'zh-CN': '未给出的字段保持不变。' },
    params: { id },
    body: userChangeSchema,
    answers: { 200: userSchema },
    errors: [INVALID_USER_ID, USER_NOT_FOUND, EMAIL_TAKEN],
    conditional: true,
  },
  deleteUser: {
    method: 'DELETE',
    path: one,
    summary: { en: 'Delete a user', 'zh-CN': '删除用户' },
    description: {
      en: 'The open orders of the user are cancelled a moment later. All orders stay.',
      'zh-CN': '该用户的未取消订单随后会被取消。所有订单都会保留。',
    },
    params: { id },
    answers: { 204: null },
    errors: [INVALID_USER_ID, USER_NOT_FOUND],
    conditional: true,
  },
});
