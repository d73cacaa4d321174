import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { clusterPrograms, type LocalCluster, localCluster } from '@flotilla/conformance';
import { type Program, spawnProgram } from '@flotilla/testing';
import { documentPaths, readDocument, repository } from './documents.ts';
import { type ShownRequest, shownRequests } from './shown-requests.ts';

const defaultPorts = { gateway: 8080, 'service-registry': 8500, 'user-service': 8001, 'order-service': 8002 } as const;
const greetingPort = 8003;

/** Pages whose requests go to the fleet. What another language has is the same: tests/docs/twins.test.ts. */
const pages = documentPaths().filter((path) => /^docs\/(?:tour|guides)\//.test(path));

suite('the requests in the tour and the guides', { timeout: 120_000 }, () => {
  mkdirSync(join(repository, '.flotilla'), { recursive: true });
  const folder = mkdtempSync(join(repository, '.flotilla', 'shown-requests-'));
  let cluster: LocalCluster;
  let greeting: Program;

  before(async () => {
    writeFileSync(join(folder, 'main.ts'), tsBlock('docs/tour/service.md', 'runService'));
    const added = ['docs/tour/reload.md', 'docs/guides/your-own-repository.md'];
    for (const [index, page] of added.entries())
      writeFileSync(join(folder, `added-${index}.ts`), tsBlock(page, 'defineGateway'));
    writeFileSync(join(folder, 'gateway.config.ts'), gatewayWith(added.map((_, index) => `./added-${index}.ts`)));
    cluster = await localCluster({
      env: { LOG_LEVEL: 'error' },
      envOf: {
        gateway: { GATEWAY_CONFIG: join(folder, 'gateway.config.ts') },
        'user-service': { INSTANCE_ID: 'user-service' },
        'order-service': { INSTANCE_ID: 'order-service' },
        // What the pages register never runs, and falls silent together; a reader tries one page at a time.
        'service-registry': { MASS_LOSS_SHARE: '0' },
      },
    });
    const env = { SERVER_PORT: '0', LOG_LEVEL: 'error', REGISTRY_URL: cluster.url('service-registry') };
    greeting = await spawnProgram({ entry: join(folder, 'main.ts'), env });
  });

  after(async () => {
    await Promise.all([greeting?.kill(), cluster?.[Symbol.asyncDispose]()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Where each program of the documents is here, by the port that it has there. */
  const places = (): ReadonlyMap<string, string> =>
    new Map([
      ...clusterPrograms.map((name) => [String(defaultPorts[name]), cluster.url(name)] as const),
      [String(greetingPort), greeting.url],
    ]);

  for (const page of pages) {
    for (const shown of shownRequests(page)) {
      test(`${page}: ${shown.command}`, async () => {
        // What is shown may take its time, such as the end of a lease.
        const endMs = performance.now() + 20_000;
        let answer = await ask(shown, places());
        while (performance.now() < endMs && isPatient(shown) && !fits(answer.text, shown.answer ?? answer.text)) {
          await new Promise((resolve) => setTimeout(resolve, 200));
          answer = await ask(shown, places());
        }
        if (shown.answer === undefined) assert.ok(answer.status < 300, `${answer.status} ${answer.text}`);
        else assert.ok(fits(answer.text, shown.answer), `answered ${answer.text}`);
      });
    }
  }

  test('are enough for a meaningful test', () => {
    assert.ok(pages.flatMap(shownRequests).length > 20);
  });
});

/** Whether asking again changes nothing, so that the answer can be waited for. */
function isPatient({ method }: ShownRequest): boolean {
  return method === 'GET';
}

async function ask(
  { url, method, headers, body, streams }: ShownRequest,
  places: ReadonlyMap<string, string>,
): Promise<{ readonly status: number; readonly text: string }> {
  const place = places.get(url.port);
  assert.ok(place !== undefined, `nothing listens on ${url.port}`);
  const response = await fetch(`${place}${url.pathname}${url.search}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (streams) {
    await response.body?.cancel();
    return { status: response.status, text: '' };
  }
  let text = await response.text();
  for (const [port, here] of places) text = text.replaceAll(`"port":${new URL(here).port}`, `"port":${port}`);
  return { status: response.status, text };
}

/** Whether a text is the one that is shown: `…` stands for whatever. */
function fits(text: string, shown: string): boolean {
  return new RegExp(`^${shown.split('…').map(RegExp.escape).join('.*')}$`, 's').test(text.trim());
}

/** The first block of TypeScript on a page that has `word`. */
function tsBlock(path: string, word: string): string {
  const found = readDocument(path).blocks.find(({ info, text }) => info === 'ts' && text.includes(word));
  assert.ok(found !== undefined, `${path} shows no ${word}`);
  return found.text;
}

/** The routes of this repository, and those of other files beside them that it does not have. */
function gatewayWith(files: readonly string[]): string {
  return `import { gateway as fleet } from '${join(repository, 'gateway.config.ts')}';
${files.map((file, index) => `import { gateway as added${index} } from '${file}';`).join('\n')}
const has = ({ match }) => fleet.routes.some((route) => route.match === match);
const added = [${files.map((_, index) => `...added${index}.routes`).join(', ')}].filter((route) => !has(route));
export const gateway = { ...fleet, routes: [...fleet.routes, ...added] };
`;
}
