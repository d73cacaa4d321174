export { type AnyApi, type Api, type ApiFacts, defineApi, type TypesOf } from './define-api.ts';
export type { Answers, Operation, OperationData, OperationMethod, OperationTypes } from './operation.ts';
export { type IdParameter, idParameter, optionalIdParameter, type Parameter, type Parameters } from './parameter.ts';
