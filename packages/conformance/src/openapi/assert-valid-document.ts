import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';

/** Fails unless a validator of other people finds nothing wrong with an OpenAPI document. */
export function assertValidDocument(document: object): Promise<void> {
  return documentValidator()(document);
}

/** The same for many documents: to prepare takes longer than to check. */
export function documentValidator(): (document: object) => Promise<void> {
  const validator = new Validator();
  return async (document) => {
    // It may change what it checks.
    const { valid, errors } = await validator.validate(structuredClone(document) as Record<string, unknown>);
    assert.ok(valid, `The document is not valid: ${JSON.stringify(errors)}`);
    // What the schema of OpenAPI cannot say: every reference leads somewhere.
    assert.ok(validator.resolveRefs() !== undefined);
  };
}
