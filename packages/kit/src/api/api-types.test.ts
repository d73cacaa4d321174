import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { OperationHandler } from '../http/index.ts';
import { pageQueryShape, recordIdParameter } from '../resource/index.ts';
import { type ApiClient, defineApi, type Operation } from './index.ts';

const facts = { tag: { en: 'Boxes', 'zh-CN': '箱子' } };
const summary = { en: 'Of a test', 'zh-CN': '测试' };
const box = z.object({ id: z.int(), label: z.string() });
const size = z
  .strictObject({ size: z.union([z.number(), z.string()]) })
  .transform(({ size }) => ({ cm: Number(size) }));
const api = defineApi(facts, {
  getBox: { method: 'GET', path: '/boxes/{id}', summary, params: { id: recordIdParameter }, answers: { 200: box } },
  listBoxes: {
    method: 'GET',
    path: '/boxes',
    summary,
    query: { ...pageQueryShape },
    answers: { 200: z.array(box) },
    paged: true,
  },
  addBox: { method: 'POST', path: '/boxes', summary, body: size, answers: { 201: box } },
});

type Client = ApiClient<typeof api>;
type HandlerOf<O> = O extends Operation<infer T> ? OperationHandler<T> : never;

/** Never run: the compiler checks it. Each line that must not compile says so, and fails the type check if it compiles. */
export async function callers(client: Client): Promise<unknown> {
  const { id, label } = await client.getBox({ id: 1 });
  // @ts-expect-error a field that the answer does not have, as after it was renamed
  const { title } = await client.getBox({ id: 1 });
  // @ts-expect-error a parameter is missing
  await client.getBox({});
  // @ts-expect-error a parameter has another type
  await client.getBox({ id: true });
  const { rows } = await client.listBoxes({ limit: 1 });
  // @ts-expect-error a field that a row does not have
  const renamed = rows[0]?.title;
  // @ts-expect-error a parameter that the operation does not have
  await client.listBoxes({ page: 2 });
  await client.addBox({ body: { size: '1' } });
  // @ts-expect-error what the server makes of a body is not what is sent
  await client.addBox({ body: { cm: 1 } });
  // @ts-expect-error the body is missing
  await client.addBox({});
  return [id, label, title, renamed];
}

export const handlers: readonly unknown[] = [
  (({ params }) => ({ id: params.id, label: 'A' })) satisfies HandlerOf<typeof api.getBox>,
  // @ts-expect-error the answer lacks a field
  (({ params }) => ({ id: params.id })) satisfies HandlerOf<typeof api.getBox>,
  (() => ({ rows: [], nextAfterId: undefined })) satisfies HandlerOf<typeof api.listBoxes>,
  // @ts-expect-error a paged operation answers with a page
  (() => []) satisfies HandlerOf<typeof api.listBoxes>,
  (({ body }) => ({ id: body.cm, label: 'A' })) satisfies HandlerOf<typeof api.addBox>,
  // @ts-expect-error what is sent is not what the handler gets
  (({ body }) => ({ id: body.size, label: 'A' })) satisfies HandlerOf<typeof api.addBox>,
];

/** What a contract states, where declarations must stand on their own. */
interface Stated {
  readonly getBox: Operation<{
    params: { readonly id: number };
    answer: { readonly id: number; readonly label: string };
  }>;
}
interface StatedOtherwise {
  readonly getBox: Operation<{
    params: { readonly id: number };
    answer: { readonly id: number; readonly title: string };
  }>;
}
export const stated: Stated = api;
// @ts-expect-error the schema of the answer has another field
export const statedOtherwise: StatedOtherwise = api;

test('what must not compile does not: the type check of the repository reads the lines above', () => {
  assert.equal(stated.getBox, api.getBox);
});
