import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type ClusterProgram, clusterPrograms, type LocalCluster, localCluster } from '@flotilla/conformance';
import { readDocument } from './documents.ts';

const readme = readDocument('README.md');

/** The program that listens on a port by default, as the README's table of programs has it. */
const programOnPort = new Map(
  (readme.tables.find((table) => table[0]?.[1] === 'port') ?? []).slice(2).map((row) => [row[1], code(row[0])]),
);

/** A request of the contract's table, and what it shows as the answer. */
interface Row {
  readonly program: string;
  readonly method: string;
  readonly path: string;
  readonly answer: string | undefined;
}

suite('the requests in the README and in the contract', { timeout: 60_000 }, () => {
  let cluster: LocalCluster;
  before(async () => {
    cluster = await localCluster({ env: { LOG_LEVEL: 'error' } });
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const lines = readme.blocks.flatMap((block) => block.text.split('\n')).filter((line) => line.startsWith('curl '));
  for (const line of lines) {
    test(`${line} works`, async () => {
      const { port, pathname, search } = new URL(/'([^']+)'/.exec(line)?.[1] ?? '');
      const name = programOnPort.get(port);
      assert.ok(isProgram(name), `nothing listens on ${port}`);
      const response = await fetch(`${cluster.url(name)}${pathname}${search}`);
      assert.equal(response.status, 200, await response.text());
    });
  }

  for (const { program, method, path, answer } of contractRows()) {
    const targets = isProgram(program) ? [program] : clusterPrograms;
    for (const target of targets) {
      test(`${target}: ${method} ${path} answers as shown`, async () => {
        const body = JSON.stringify({ name: 'other', address: '127.0.0.1', port: 9000 });
        const response = await fetch(`${cluster.url(target)}${path.replace('{name}', 'user-service')}`, {
          method,
          ...(method === 'POST' ? { body, headers: { 'content-type': 'application/json' } } : {}),
        });
        const text = await response.text();
        assert.equal(response.status, 200, text);
        // `…` stands for whatever; what is shown without it is the whole answer.
        const shape = answer?.split('…').map((part) => RegExp.escape(part)) ?? [];
        if (shape.length > 0) assert.match(text, new RegExp(`^${shape.join('.+')}$`, 's'));
      });
    }
  }

  test('the programs listen by default where the README says', () => {
    assert.deepEqual(
      new Map([...programOnPort].map(([port, name]) => [name, port])),
      new Map([
        ['gateway', '8080'],
        ['service-registry', '8500'],
        ['user-service', '8001'],
        ['order-service', '8002'],
        ['dashboard', '8090'],
      ]),
    );
  });
});

function contractRows(): Row[] {
  const [table = []] = readDocument('docs/contract.md').tables;
  let program = '';
  return table.slice(2).map((row) => {
    program = code(row[0]) ?? (row[0] === '' ? program : 'every program');
    const [method = '', path = ''] = (code(row[1]) ?? '').split(' ');
    const answer = code(row[2]);
    return { program, method, path, answer: answer?.startsWith('{"') && method === 'GET' ? answer : undefined };
  });
}

function code(cell: string | undefined): string | undefined {
  return /`([^`]+)`/.exec(cell ?? '')?.[1];
}

function isProgram(name: string | undefined): name is ClusterProgram {
  return clusterPrograms.some((each) => each === name);
}
