import path from 'node:path';
import type { Draft, HandEdit } from '@flotilla/templates';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import { type Cli, jsonOption, type Verb } from '../arguments/verb.ts';

/** What can be created, in the order of the help. */
const kinds = ['service', 'route', 'aggregate', 'migration'] as const;
type Kind = (typeof kinds)[number];

/** Options that only some kinds have. */
const optionsOf: Readonly<Record<Kind, readonly string[]>> = {
  service: ['--port'],
  route: ['--service'],
  aggregate: ['--service'],
  migration: ['--service'],
};

export const newVerb: Verb = {
  name: 'new',
  summary: 'write a service, a route, an aggregate or a migration',
  details: `A service has a database, routes, migrations and tests, and is added to flotilla.config.ts and gateway.config.ts.
Nothing is overwritten: what cannot be added to a file is printed, so that you can add it.`,
  words: {
    usage: `<${kinds.join('|')}> <name>`,
    atLeast: 2,
    atMost: 2,
    missing: 'Name what to write, for example: flotilla new service book',
    completes: kinds,
  },
  options: [
    {
      flag: '--service',
      value: '<names>',
      summary: 'the service of a route or a migration, or those of an aggregate, separated by commas',
      example: 'book',
      completes: 'programs',
    },
    {
      flag: '--port',
      value: '<number>',
      summary: 'the port of a new service (default: the next free one)',
      example: '8005',
    },
    jsonOption,
  ],
  examples: [
    { line: 'flotilla new service book', does: 'services/book, served at /books' },
    { line: 'flotilla new route /authors/{id}/books --service book', does: 'a path of the gateway' },
    { line: 'flotilla new aggregate overview --service book,author', does: 'one answer from two services' },
    { line: 'flotilla new migration add-isbn --service book', does: 'a migration of its database' },
  ],
  run,
};

async function run(given: Given, cli: Cli): Promise<number> {
  const [word = '', name = ''] = given.words;
  const kind = readKind(word);
  refuseOptions(kind, given);
  // Loaded by this verb alone.
  const { ChangesRefused, WishRefused, writeChanges } = await import('@flotilla/templates');
  const { findFleetFile } = await import('@flotilla/fleet/config');
  const file = findFleetFile(cli.cwd);
  const root = file === undefined ? cli.cwd : path.dirname(file);
  try {
    const draft = await draftOf(kind, name, root, given);
    await writeChanges(root, draft.changes);
    cli.stdout.write(given.has('--json') ? asJson(draft) : asText(draft, path.relative(cli.cwd, root)));
    return 0;
  } catch (error) {
    if (!(error instanceof WishRefused || error instanceof ChangesRefused)) throw error;
    throw new Mistake(error.message);
  }
}

function readKind(word: string): Kind {
  const kind = kinds.find((each) => each === word);
  if (kind === undefined) throw new Mistake(`Unknown kind "${word}". Choose one of: ${kinds.join(', ')}.`);
  return kind;
}

function refuseOptions(kind: Kind, given: Given): void {
  for (const flag of ['--service', '--port']) {
    if (given.has(flag) && !optionsOf[kind].includes(flag)) throw new Mistake(`A ${kind} does not accept ${flag}.`);
  }
}

async function draftOf(kind: Kind, name: string, root: string, given: Given): Promise<Draft> {
  const { draftAggregate, draftMigration, draftRoute, draftService } = await import('@flotilla/templates');
  switch (kind) {
    case 'service':
      return draftService({ root, name, port: readPort(given.value('--port')) });
    case 'route':
      return draftRoute({ root, name, service: given.value('--service') });
    case 'aggregate':
      return draftAggregate({ root, name, services: given.list('--service') });
    case 'migration':
      return draftMigration({ root, name, service: given.value('--service') });
    default:
      return kind satisfies never;
  }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Mistake(`--port ${text}: not a whole number from 1 to 65535.`);
  return port;
}

function asJson({ changes, byHand }: Draft): string {
  const written = changes.map((change) => ({
    file: change.path,
    kind: change.before === undefined ? 'new' : 'changed',
  }));
  return `${JSON.stringify({ written, byHand }, undefined, 2)}\n`;
}

function asText({ changes, byHand }: Draft, toRoot: string): string {
  const lines = changes.map(
    ({ path: file, before }) => `  ${before === undefined ? 'new    ' : 'changed'}  ${path.join(toRoot, file)}`,
  );
  return `${[...lines, ...byHand.flatMap((edit) => handEdit(edit, toRoot))].join('\n')}\n`;
}

function handEdit({ file, property, entry }: HandEdit, toRoot: string): readonly string[] {
  return [
    '',
    `Add this to "${property}" in ${path.join(toRoot, file)} yourself, because it cannot be edited automatically:`,
    '',
    entry,
  ];
}
