// Every case through both protocols: HTTP and gRPC are two ways to the same functions.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serveGrpc } from '@flotilla/conformance/grpc';
import {
  assertSameOutcomes,
  grpcSpeaker,
  httpSpeaker,
  type ProtocolCase,
  type Speaker,
} from '@flotilla/conformance/protocols';
import { AppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { serveApp } from '@flotilla/testing/http';
import { userErrors } from '@flotilla/user-contract';
import { UserService } from '@flotilla/user-contract/grpc';
import { userMethods } from './grpc/user-methods.ts';
import { addUserRoutes } from './routes/user-routes.ts';
import { userDatabase } from './store/users.ts';
import { type Users, userService } from './users.ts';

/** user-service, spoken to in both ways. */
interface Spoken {
  readonly http: Speaker;
  readonly grpc: Speaker;
  close(): Promise<void>;
}

async function served(users: Users, language?: string): Promise<Spoken> {
  const app = await serveApp((app) => addUserRoutes(app, users));
  const { server, port } = await serveGrpc([userMethods(users)]);
  const spoken = language === undefined ? {} : { language };
  const http = httpSpeaker({ url: app.url, path: '/users', errors: userErrors, ...spoken });
  const grpc = await grpcSpeaker({ port, service: UserService, ...spoken });
  return {
    http,
    grpc,
    async close() {
      grpc.close();
      await Promise.all([app.close(), server.close()]);
    },
  };
}

/** A service with a database of its own: Alice and Bob are in it. */
async function freshUsers(): Promise<Users & { close(): Promise<void> }> {
  const database = await openDatabase({ url: 'sqlite::memory:', ...userDatabase, seed: userDatabase.demoData });
  const keys = idempotencyKeys({ database });
  const users = userService({ database, keys, events: { add: async () => undefined, attribute: () => undefined } });
  return {
    ...users,
    async close() {
      keys.close();
      await database.close();
    },
  };
}

const ada = { name: 'Ada', email: 'ada@example.com' };
const nobody = Number.MAX_SAFE_INTEGER;

const refusedUsers = [
  [{ email: ada.email }, 'no name'],
  [{ name: 'Ada' }, 'no address'],
  [{}, 'nothing'],
  [{ ...ada, name: 'x'.repeat(101) }, 'a name that is too long'],
  [{ ...ada, name: ' \t ' }, 'a name of spaces'],
  [{ ...ada, name: 'a\nb' }, 'a line break in the name'],
  [{ ...ada, name: 'a\u202eb' }, 'a change of direction in the name'],
  [{ ...ada, name: '\u200b' }, 'a name that nobody sees'],
  [{ ...ada, email: 'ada' }, 'no address but a word'],
  [{ ...ada, email: `${'a'.repeat(65)}@example.com` }, 'an address that is too long'],
  [{ name: 'a\u0000', email: 'x' }, 'two fields that are wrong'],
] as const;

const cases: readonly ProtocolCase[] = [
  {
    title: 'users are found by their ids',
    run: async (speak) => [await speak.get(1), await speak.get(2)],
    ends: ['record', 'record'],
  },
  {
    title: 'a user who is not there is not found, whatever is done',
    run: async (speak) => [
      await speak.get(nobody),
      await speak.change(nobody, { name: 'Ada' }),
      await speak.change(nobody, { name: 'Ada' }, { ifMatch: '*' }),
      await speak.remove(nobody),
      await speak.remove(nobody, { ifMatch: '"x"' }),
    ],
    ends: ['USER_NOT_FOUND', 'USER_NOT_FOUND', 'USER_NOT_FOUND', 'USER_NOT_FOUND', 'USER_NOT_FOUND'],
  },
  ...[-1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)].map((id) => ({
    title: `${id} is no id`,
    run: async (speak: Speaker) => [
      await speak.get(id),
      await speak.change(id, { name: 'Ada' }),
      await speak.remove(id),
    ],
    ends: ['INVALID_USER_ID', 'INVALID_USER_ID', 'INVALID_USER_ID'],
  })),
  {
    title: 'a user is added, read, changed and removed',
    run: async (speak) => [
      await speak.add({ name: ' Ada  Lovelace ', email: ' Ada@Example.com ' }),
      await speak.get(3),
      await speak.change(3, { name: '李雷 👩‍🚀' }),
      await speak.change(3, { email: 'li@example.com' }),
      await speak.get(3),
      await speak.remove(3),
      await speak.get(3),
      await speak.add(ada),
    ],
    ends: ['record', 'record', 'record', 'record', 'record', 'removed', 'USER_NOT_FOUND', 'record'],
  },
  ...refusedUsers.map(([fields, what]) => ({
    title: `a user with ${what} is refused, and nothing is written`,
    run: async (speak: Speaker) => [await speak.add(fields), await speak.list({})],
    ends: ['INVALID_REQUEST', 'page'],
  })),
  {
    title: 'a change of nothing, or to something invalid, is refused',
    run: async (speak) => [
      await speak.change(1, {}),
      await speak.change(1, { name: '' }),
      await speak.change(1, { email: '' }),
      await speak.change(1, { name: 'x'.repeat(101), email: 'y' }),
      await speak.get(1),
    ],
    ends: ['INVALID_REQUEST', 'INVALID_REQUEST', 'INVALID_REQUEST', 'INVALID_REQUEST', 'record'],
  },
  {
    title: 'an address of another user is taken, in any case',
    run: async (speak) => [
      await speak.add({ name: 'A', email: 'ALICE@example.com' }),
      await speak.change(2, { email: 'Alice@Example.com' }),
      await speak.change(1, { email: 'ALICE@EXAMPLE.COM' }),
    ],
    ends: ['EMAIL_TAKEN', 'EMAIL_TAKEN', 'record'],
  },
  {
    title: 'pages follow each other, and their sizes have limits',
    run: async (speak) => {
      for (let i = 0; i < 5; i += 1) await speak.add({ name: `U${i}`, email: `u${i}@example.com` });
      const first = await speak.list({ size: 3 });
      const token = first.kind === 'page' ? first.next : '';
      return [
        first,
        await speak.list({ size: 3, token }),
        await speak.list({ size: 1, token }),
        await speak.list({}),
        await speak.list({ size: 1_000 }),
        await speak.list({ size: 1_001 }),
        await speak.list({ size: -1 }),
        await speak.list({ token: 'x' }),
        await speak.list({ token: 'x'.repeat(1_000), size: 2_000 }),
      ];
    },
    ends: [
      'page',
      'page',
      'page',
      'page',
      'page',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
    ],
  },
  {
    title: 'of two who change what both have read, the second is refused',
    run: async (speak) => {
      const read = await speak.get(1);
      const ifMatch = read.kind === 'record' ? read.etag : '';
      return [
        read,
        await speak.change(1, { name: 'Ada' }, { ifMatch }),
        await speak.change(1, { name: 'Eve' }, { ifMatch }),
        await speak.remove(1, { ifMatch }),
        await speak.change(1, { name: 'Eve' }, { ifMatch: '*' }),
        await speak.change(1, { name: 'Eve' }, { ifMatch: `"x", ${ifMatch}` }),
        await speak.change(1, { name: 'Eve' }, { ifMatch: 'unquoted' }),
        await speak.remove(1, { ifMatch: '"a" "b"' }),
        await speak.get(1),
        await speak.remove(1, { ifMatch: '*' }),
      ];
    },
    ends: [
      'record',
      'record',
      'PRECONDITION_FAILED',
      'PRECONDITION_FAILED',
      'record',
      'PRECONDITION_FAILED',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'record',
      'removed',
    ],
  },
  {
    title: 'a repeated creation with a key gets the first answer',
    run: async (speak) => [
      await speak.add(ada, { idempotencyKey: 'k-1' }),
      await speak.add(ada, { idempotencyKey: 'k-1' }),
      await speak.add({ ...ada, name: 'Eve' }, { idempotencyKey: 'k-1' }),
      await speak.add(ada, { idempotencyKey: 'k-2' }),
      await speak.add(ada, { idempotencyKey: 'k-2' }),
      await speak.add(ada, { idempotencyKey: 'k'.repeat(256) }),
      await speak.list({}),
    ],
    ends: [
      'record',
      'record',
      'IDEMPOTENCY_KEY_REUSED',
      'EMAIL_TAKEN',
      'EMAIL_TAKEN',
      'INVALID_IDEMPOTENCY_KEY',
      'page',
    ],
  },
];

describe('user-service, by HTTP and by gRPC', () => {
  for (const one of cases)
    it(one.title, async (t) => {
      const [byHttp, byGrpc] = [await freshUsers(), await freshUsers()];
      const [first, second] = [await served(byHttp), await served(byGrpc)];
      t.after(async () => {
        await Promise.all([first.close(), second.close()]);
        await Promise.all([byHttp.close(), byGrpc.close()]);
      });
      await assertSameOutcomes(one, [first.http, second.grpc]);
    });

  it('what one protocol has said, the other understands: tags, page tokens and idempotency keys', async (t) => {
    const users = await freshUsers();
    const { http, grpc, close } = await served(users);
    t.after(async () => {
      await close();
      await users.close();
    });
    for (const [one, other] of [
      [http, grpc],
      [grpc, http],
    ] as const) {
      const read = await one.get(1);
      assert.ok(read.kind === 'record');
      assert.equal((await other.change(1, { name: one.protocol }, { ifMatch: read.etag })).kind, 'record');
      const page = await one.list({ size: 1 });
      assert.ok(page.kind === 'page');
      assert.deepEqual(await other.list({ token: page.next }), await one.list({ token: page.next }));
      const user = { name: 'Ada', email: `${one.protocol}@example.com` };
      const added = await one.add(user, { idempotencyKey: one.protocol });
      assert.ok(added.kind === 'record' && !added.replayed);
      assert.deepEqual(await other.add(user, { idempotencyKey: one.protocol }), { ...added, replayed: true });
    }
  });

  it('while the database is away, everything is refused in the same way, in the language of the caller', async (t) => {
    const away = (): Promise<never> => Promise.reject(new AppError('STORAGE_UNAVAILABLE', { retryAfterMs: 1_500 }));
    const users: Users = { get: away, page: away, add: away, change: away, remove: away };
    const { http, grpc, close } = await served(users, 'zh-CN');
    t.after(close);
    const title = '数据库暂不可用';
    for (const speak of [http, grpc])
      for (const outcome of [
        await speak.get(1),
        await speak.list({}),
        await speak.add(ada, { idempotencyKey: 'k' }),
        await speak.change(1, { name: 'Ada' }),
        await speak.remove(1),
      ]) {
        assert.ok(outcome.kind === 'refused');
        assert.deepEqual([outcome.code, outcome.status, outcome.title], ['STORAGE_UNAVAILABLE', 14, title]);
        assert.ok((outcome.retryAfterS ?? 0) >= 1.5);
      }
  });
});
