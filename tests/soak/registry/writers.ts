import type { Knowledge } from './knowledge.ts';

/** What writers work with. */
export interface WritersOptions {
  readonly url: string;
  readonly knowledge: Knowledge;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Ends them. */
  readonly signal: AbortSignal;
  /** Makes contents that nobody has written before. */
  readonly next: () => string;
}

/** The server has answered, with what it should not. */
class WrongAnswer extends Error {}

const writers = 12;
const thingsOfEach = 6;

/** Writes keys, pairs of keys and instances from all sides until the server is gone. */
export async function writeAll(options: WritersOptions): Promise<void> {
  const running = Array.from({ length: writers }, async (_, index) => {
    try {
      while (!options.signal.aborted) await writeOne(options, index);
    } catch (error) {
      // That the server is gone is what it is about.
      if (error instanceof WrongAnswer) throw error;
    }
  });
  await Promise.all(running);
}

async function writeOne(options: WritersOptions, writer: number): Promise<void> {
  const thing = Math.floor(options.random() * thingsOfEach);
  const name = `${writer}-${thing}`;
  const isRemoval = options.random() < 0.2;
  switch (writer % 4) {
    case 0:
      return writeInstance(options, name, isRemoval);
    case 1:
      return writePair(options, name);
    case 2:
      return options.random() < 0.5 ? increment(options) : writeKey(options, name);
    default:
      return isRemoval ? removeKey(options, name) : writeKey(options, name);
  }
}

async function writeKey({ url, knowledge, next, random }: WritersOptions, name: string): Promise<void> {
  const content = next() + 'x'.repeat(Math.floor(random() ** 4 * 20_000));
  const acknowledged = knowledge.write(`key ${name}`, content);
  const body = await ask(`${url}/kv/k/${name}`, { method: 'PUT', body: content }, [200]);
  acknowledged(revisionIn(body));
}

async function removeKey({ url, knowledge }: WritersOptions, name: string): Promise<void> {
  const acknowledged = knowledge.write(`key ${name}`, undefined);
  await ask(`${url}/kv/k/${name}`, { method: 'DELETE' }, [204, 404]);
  acknowledged(Number.POSITIVE_INFINITY);
}

/** All of these writers want the same key, and of those who have read the same, one may write. */
async function increment({ url, knowledge }: WritersOptions): Promise<void> {
  const response = await fetch(`${url}/kv/counter`);
  const read = (await response.json()) as { readonly value?: string; readonly revision?: number };
  const next = Number(read.value ?? 0) + 1;
  const { status } = await fetch(`${url}/kv/counter?if_revision=${read.revision ?? 0}`, {
    method: 'PUT',
    body: String(next),
  });
  if (status === 200) knowledge.counted(next);
  else if (status !== 409) throw new WrongAnswer(`an increment was answered ${status}`);
}

/** Both or none, by a transaction of Consul's. */
async function writePair({ url, knowledge, next }: WritersOptions, name: string): Promise<void> {
  const content = next();
  const Value = Buffer.from(content).toString('base64');
  const operations = ['left', 'right'].map((side) => ({ KV: { Verb: 'set', Key: `pair/${name}/${side}`, Value } }));
  const acknowledged = knowledge.write(`pair ${name}`, content);
  const body = await ask(`${url}/v1/txn`, { method: 'PUT', body: JSON.stringify(operations) }, [200]);
  const answer = JSON.parse(body) as { readonly Results: readonly { readonly KV: { readonly ModifyIndex: number } }[] };
  acknowledged(answer.Results[0]?.KV.ModifyIndex ?? 0);
}

async function writeInstance(options: WritersOptions, name: string, isRemoval: boolean): Promise<void> {
  const { url, knowledge, next } = options;
  const id = `i-${name}`;
  if (isRemoval) {
    const acknowledged = knowledge.write(`instance ${name}`, undefined);
    await ask(`${url}/services/web/instances/${id}`, { method: 'DELETE' }, [204, 404]);
    acknowledged(Number.POSITIVE_INFINITY);
    return;
  }
  const content = next();
  const [writer = 0, thing = 0] = name.split('-').map(Number);
  const registration = {
    ...{ name: 'web', id, address: '10.0.0.1', port: 1_000 + writer * 100 + thing, lease_ms: 86_400_000 },
    metadata: { content },
  };
  const acknowledged = knowledge.write(`instance ${name}`, content);
  const headers = { 'content-type': 'application/json' };
  const body = await ask(`${url}/register`, { method: 'POST', headers, body: JSON.stringify(registration) }, [200]);
  acknowledged((JSON.parse(body) as { readonly instance: { readonly revision: number } }).instance.revision);
}

async function ask(url: string, init: RequestInit, expected: readonly number[]): Promise<string> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (expected.includes(response.status)) return text;
  throw new WrongAnswer(`${init.method ?? 'GET'} ${url} was answered ${response.status}: ${text.slice(0, 200)}`);
}

function revisionIn(body: string): number {
  return (JSON.parse(body) as { readonly revision: number }).revision;
}
