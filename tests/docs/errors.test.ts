import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { doublyDefined, grpcStatuses, locales } from '@flotilla/contracts';
import { definedErrors } from '../../scripts/defined-errors.ts';
import { readDocument, readText, repository } from './documents.ts';

const owners = await definedErrors(repository);
const errors = owners.flatMap((owner) => owner.errors);
const fields = owners.flatMap((owner) => owner.fields);

test('the errors of the core and of all services are found', () => {
  const names = owners.map(({ owner }) => owner);
  assert.equal(names[0], 'flotilla');
  for (const service of ['order-service', 'user-service']) assert.ok(names.includes(service), service);
});

test('no two packages define the same code', () => {
  assert.deepEqual(doublyDefined(errors), []);
  assert.deepEqual(doublyDefined(fields), []);
});

test('every code has texts in both languages, a cause and an action', () => {
  const han = /\p{Script=Han}/u;
  for (const { code, message, detail, cause, action } of errors) {
    for (const texts of [message, detail ?? message]) {
      for (const locale of locales) assert.equal(han.test(texts[locale]), locale === 'zh-CN', `${code} in ${locale}`);
    }
    assert.ok(cause.endsWith('.') && action.endsWith('.'), `${code} lacks a cause or an action`);
  }
  for (const { code, message } of fields) {
    for (const locale of locales) assert.equal(han.test(message[locale]), locale === 'zh-CN', `${code} in ${locale}`);
  }
});

test('no two field codes have the same text', () => {
  for (const locale of locales)
    assert.equal(new Set(fields.map(({ message }) => message[locale])).size, fields.length, locale);
});

test('every status is an error, and errors that the caller must correct are not retryable', () => {
  for (const { code, status, retryable } of errors) {
    // A 400, 413, 415 … is about the request itself: sending it again unchanged can't help.
    if ([400, 405, 406, 413, 414, 415, 417, 431, 501, 505].includes(status)) assert.ok(!retryable, code);
    if ([502, 503, 504].includes(status)) assert.ok(retryable, code);
  }
});

test('codes that gRPC clients retry by themselves are retryable, and the two statuses have the same meaning', () => {
  for (const { code, status, grpc, retryable } of errors) {
    assert.ok(grpcStatuses.includes(grpc), code);
    if (grpc === 'UNAVAILABLE' || grpc === 'ABORTED') assert.ok(retryable, code);
    assert.equal(status === 401, grpc === 'UNAUTHENTICATED', code);
    assert.equal(status === 404 && code !== 'ROUTE_NOT_FOUND', grpc === 'NOT_FOUND' && status !== 410, code);
    if (status >= 500) assert.ok(!['INVALID_ARGUMENT', 'NOT_FOUND', 'ALREADY_EXISTS'].includes(grpc), code);
  }
});

test('docs/errors.md explains every code below its owner, and no others', () => {
  const { headings, tables } = readDocument('docs/errors.md');
  const explained = headings.filter(({ level }) => level === 3).map(({ text }) => text);
  assert.deepEqual(
    explained.filter((text) => /^[A-Z_]+$/.test(text)),
    errors.map(({ code }) => code),
  );
  const listed = tables.flatMap((table) => table.slice(2).map((row) => row[0] ?? ''));
  assert.deepEqual(
    listed.filter((cell) => /^[A-Z_]+$/.test(cell)),
    fields.map(({ code }) => code),
  );
});

test("only a service's contract and its users know its errors", () => {
  const own = owners.filter(({ owner }) => owner !== 'flotilla');
  const codes = own.flatMap((owner) => [...owner.errors, ...owner.fields]).map(({ code }) => code);
  const named = new RegExp(`\\b(?:${codes.join('|')})\\b`);
  for (const path of sources('packages/{contracts,http1,kit,registry,registry-client,gateway}/src/**/*.ts')) {
    // Comments and tests may have examples.
    const code = readText(path).replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    assert.ok(path.endsWith('.test.ts') || !named.test(code), path);
  }
});

test('packages export the errors that they define, so that they are documented and compared', () => {
  for (const path of sources('{packages,apps}/*/{src/**/*,*}.ts')) {
    if (path.startsWith('packages/contracts/') || path.endsWith('.test.ts')) continue;
    if (!/\bdefine(?:Field)?Errors\(/.test(readText(path))) continue;
    const folder = path.split('/').slice(0, 2).join('/');
    assert.ok(readText(`${folder}/package.json`).includes(`"./errors": "./${path.slice(folder.length + 1)}"`), path);
  }
});

function sources(pattern: string): readonly string[] {
  const found = globSync(pattern, { cwd: repository });
  assert.ok(found.length > 0, pattern);
  return found;
}
