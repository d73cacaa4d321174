export {
  type AddressKind,
  addressKind,
  addressSchema,
  announcedAddressSchema,
  clientNetwork,
  normalAddress,
} from './address.ts';
export { AppError, type AppErrorOptions, isAppError } from './app-error.ts';
export {
  type CheckDefinition,
  type CheckRules,
  type CheckStatus,
  checkDefinitionSchema,
  checkDefinitionsSchema,
  checkIdSchema,
  checkStatuses,
  type GrpcCheck,
  type HttpCheck,
  maxChecks,
  type ProbeTiming,
  type TcpCheck,
  type TtlCheck,
} from './check-definition.ts';
export { type Clock, systemClock, type Timer } from './clock.ts';
export { type CoreErrorCode, coreErrors, isCoreErrorCode, type KnownError, kindOf } from './core-errors.ts';
export { coreFieldErrors, type FieldCode } from './core-field-errors.ts';
export { defineErrors, defineFieldErrors, doublyDefined, requireDistinctCodes } from './define-errors.ts';
export { describeIssue, noOwnText } from './describe-issue.ts';
export type { Discovery, ServiceSnapshot } from './discovery.ts';
export { authorityOf, type Endpoint, isSameEndpoint, sameMetadata, sameTags } from './endpoint.ts';
export { type ErrorKind, type ErrorKinds, type ErrorRow, isErrorKind, problemTypeOf } from './error-kind.ts';
export { type FieldErrors, type FieldKind } from './field-kind.ts';
export {
  type BrokenRule,
  type FieldParameters,
  type FieldProblem,
  fieldMessage,
  fieldProblem,
  type KnownFieldError,
} from './field-problem.ts';
export { type FieldRule, rule, ruleIssue } from './field-rule.ts';
export type { MessageParameters } from './fill-in.ts';
export { ForeseenError, isForeseen } from './foreseen-error.ts';
export { type GrpcStatus, grpcStatuses } from './grpc-status.ts';
export { headerNames, requestIdPattern } from './header-names.ts';
export {
  isKey,
  type KeyEvent,
  type KeyRecord,
  keyEventSchema,
  keyPrefixSchema,
  keyRecordSchema,
  keySchema,
  maxKeyBytes,
  maxValueBytes,
} from './key-record.ts';
export { chooseLocale, type Locale, locales, type Translated } from './locale.ts';
export type { Level, LogFields, Logger, LogMethod } from './logger.ts';
export { portSchema } from './port.ts';
export {
  type Problem,
  type ProblemContext,
  type ProblemField,
  problemHeaders,
  problemMediaType,
  toProblem,
} from './problem-json.ts';
export type { Reading } from './reading.ts';
export { type ReceivedProblem, readProblem, relayedError } from './received-problem.ts';
export type { ActiveRegistration, Registrar } from './registrar.ts';
export {
  defaultLeaseMs,
  type InstanceStatus,
  instanceIdSchema,
  instanceStatuses,
  isReady,
  isServed,
  maxLeaseMs,
  maxMetadataEntries,
  maxServiceNameLength,
  minLeaseMs,
  type Registration,
  registrationSchema,
  type ServiceInstance,
  serviceInstanceSchema,
  serviceNameSchema,
} from './service-instance.ts';
export { type RemovalReason, type WatchEvent, watchEventSchema } from './watch-event.ts';
