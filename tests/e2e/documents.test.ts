// What services and gateway say of themselves, read from real processes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertValidDocument } from '@flotilla/conformance/openapi';
import { ask } from './support/ask.ts';
import { type Fleet, startFleet } from './support/fleet.ts';

let fleet: Fleet;
before(async () => {
  fleet = await startFleet();
});
after(() => fleet.stop());

interface Described {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly {
              readonly name: string;
              readonly in: string;
              readonly required?: boolean;
            }[];
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

async function documentOf(program: string): Promise<Described> {
  const { status, json } = await ask(`${fleet.url(program)}/openapi.json`);
  assert.equal(status, 200);
  await assertValidDocument(json as object);
  return json as Described;
}

/** The operations of a document, as `GET /users`. */
function operationsOf({ paths }: Described): string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

test('every document is valid, and every program has a page', async () => {
  for (const program of ['user-service', 'order-service', 'gateway']) {
    assert.equal((await documentOf(program)).info.title, program);
    const page = await ask(`${fleet.url(program)}/docs`, { headers: { 'accept-language': 'zh' } });
    assert.equal(page.status, 200);
    assert.match(page.text, /<html lang="zh-CN">/);
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  }
});

test('the gateway lists exactly what its routes expose', async () => {
  const document = await documentOf('gateway');
  assert.deepEqual(operationsOf(document).toSorted(), [
    'DELETE /orders/{id}',
    'DELETE /users/{id}',
    'GET /api/order/',
    'GET /api/user-with-orders',
    'GET /api/user/',
    'GET /orders',
    'GET /orders/{id}',
    'GET /users',
    'GET /users/{id}',
    'GET /users/{id}/orders',
    'GET /users/{id}/overview',
    'PATCH /orders/{id}',
    'PATCH /users/{id}',
    'POST /orders',
    'POST /orders/{id}/cancel',
    'POST /users',
  ]);
  assert.equal(document.info.description, undefined, 'no service is away');
});

test('what the gateway describes is there: every GET succeeds with what it asks for', async () => {
  const { paths } = await documentOf('gateway');
  for (const [path, item] of Object.entries(paths)) {
    const { get } = item;
    if (get === undefined) continue;
    const needed = (get.parameters ?? []).filter(({ in: place, required }) => place === 'query' && required === true);
    const query = new URLSearchParams(needed.map(({ name }): [string, string] => [name, '1'])).toString();
    const target = `${path.replaceAll(/\{[^}]*\}/g, '1')}${query === '' ? '' : `?${query}`}`;
    const answer = await ask(`${fleet.url('gateway')}${target}`);
    assert.equal(answer.status, 200, `${target}: ${answer.text}`);
  }
});
