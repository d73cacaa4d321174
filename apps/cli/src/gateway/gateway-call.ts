import { readProblem } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { asSentence } from '@flotilla/contracts/sentence';
import { reasonOf } from '../inspect/ask-registry.ts';
import { Failed } from '../running/answer.ts';
import { NotRunning } from '../running/find-running.ts';

/** A gateway answers in milliseconds, one with many workers within two seconds; a person waits no longer than this. */
const limitMs = 5_000;

/**
 * What the gateway says at one of its pages for operators.
 *
 * @param question undefined: there is none, it is a GET
 */
export async function callGateway(gateway: URL, path: string, question?: unknown): Promise<unknown> {
  const base = new URL(gateway.pathname.replace(/\/?$/, '/'), gateway);
  let response: Response;
  let bytes: Buffer;
  try {
    response = await fetch(new URL(path, base), {
      ...(question === undefined ? {} : { method: 'POST', body: JSON.stringify(question) }),
      headers: { accept: 'application/json', 'accept-language': 'en', 'content-type': 'application/json' },
      signal: AbortSignal.timeout(limitMs),
      redirect: 'manual',
    });
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const advice = 'Start the fleet: flotilla up; or name another gateway: --gateway http://host:8080';
    throw new NotRunning(`Cannot reach the gateway at ${gateway.origin}: ${reasonOf(error)}. ${advice}`);
  }
  const read = readJson(bytes);
  if (response.ok && read.ok) return read.value;
  const problem = read.ok ? readProblem(read.value) : undefined;
  if (response.ok || response.status === 404 || response.status === 405)
    throw new Failed(
      `The gateway at ${gateway.origin} does not tell this here. It tells callers on its own machine, or at its port for operators if ADMIN_PORT is set: --gateway http://127.0.0.1:<ADMIN_PORT>. A gateway of an earlier release cannot tell it.`,
      'NOT_SUPPORTED',
    );
  const said = problem?.detail ?? problem?.title ?? `It answered ${response.status}`;
  throw new Failed(asSentence(said), problem?.code ?? 'FAILED');
}
