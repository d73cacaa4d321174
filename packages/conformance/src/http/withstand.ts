import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type HostileAnswer, type HostileTargets, hostileRequests, hostileSender } from './hostile-request.ts';

/**
 * Throws thousands of requests that nobody should send at a service: none is answered with a 5xx, and each refusal is a
 * problem with a code, all of it in the language asked for. The requests must not all fail at the door either: every
 * kind of answer in `statuses` has to be among the answers.
 *
 * @param url where the service listens
 */
export async function assertWithstands(
  url: string,
  targets: HostileTargets,
  statuses: readonly number[],
): Promise<void> {
  const sender = hostileSender(url, { 'accept-language': 'zh-CN' });
  const seen = new Set<number>();
  try {
    await fc.assert(
      fc.asyncProperty(hostileRequests(targets), async (request) => {
        const answer = await sender.send(request);
        seen.add(answer.status);
        assert.ok(answer.status < 500, `${answer.status} ${answer.body}`);
        if (answer.status >= 400 && request.method !== 'HEAD') assertChineseProblem(answer);
      }),
      { numRuns: 3_000 },
    );
  } finally {
    sender.close();
  }
  for (const status of statuses) assert.ok(seen.has(status), `no ${status} among the answers`);
}

interface ProblemDocument {
  readonly code: string;
  readonly title: string;
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
}

function assertChineseProblem({ contentType, body }: HostileAnswer): void {
  assert.match(contentType, /^application\/problem\+json/);
  const { code, title, errors = [] } = JSON.parse(body) as ProblemDocument; // What it must be; the assertions check it.
  assert.match(code, /^[A-Z_]+$/);
  assert.match(title, /\p{Script=Han}/u);
  for (const problem of errors) {
    assert.match(problem.code, /^[A-Z_]+$/);
    assert.match(problem.message, /\p{Script=Han}/u, `${problem.code} has no Chinese text`);
  }
}
