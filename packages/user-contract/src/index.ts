export { emailKey, emailSchema } from './email.ts';
export {
  maxNameLength,
  type NewUser,
  newUserSchema,
  readUserId,
  type User,
  type UserChange,
  userChangeSchema,
  userSchema,
} from './user.ts';
export { type UserApi, userApi } from './user-api.ts';
export {
  type CallContext,
  createUserClient,
  type UserClient,
  type UserClientOptions,
  type UserPage,
} from './user-client.ts';
export { userErrors, userFieldErrors } from './user-errors.ts';
export { type UserEvent, type UserEventSchemas, userEvents } from './user-events.ts';
export { userGrpcPort, userPaths, userServiceName, userServicePort } from './user-paths.ts';
