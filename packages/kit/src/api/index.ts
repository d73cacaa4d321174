export {
  type ApiClient,
  type ApiClientOptions,
  apiClient,
  type ClientOperation,
  type ClientPage,
  type OperationAnswer,
  type OperationArguments,
  type TaggedAnswer,
} from './api-client.ts';
export { type AnyApi, type Api, type ApiFacts, defineApi, type TypesOf } from './define-api.ts';
export { eachRow } from './each-row.ts';
export type { Answers, ApiText, Operation, OperationData, OperationMethod, OperationTypes } from './operation.ts';
export type { OperationCallOptions } from './operation-request.ts';
export { type IdParameter, idParameter, optionalIdParameter, type Parameter, type Parameters } from './parameter.ts';
