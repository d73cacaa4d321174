import { type Draft } from './draft.ts';
import { chooseServices, readPath, refuseSecond } from './new-route.ts';
import { gatewayFile, ProjectFiles } from './project-files.ts';
import { readResourceName } from './resource-name.ts';

/** The aggregate to add to the gateway. */
export interface NewAggregateWish {
  readonly root: string;
  /** The path; a bare name `overview` stands for `/overview/{id}`. */
  readonly name: string;
  /** The services to ask. Default: the first two of the fleet. */
  readonly services?: readonly string[] | undefined;
}

/**
 * Drafts a route that asks several services at once and answers with what all of them said. The first part is required;
 * without the others it still answers.
 *
 * @throws {WishRefused}
 */
export async function draftAggregate({ root, name, services = [] }: NewAggregateWish): Promise<Draft> {
  const path = readPath(name);
  const match = path.includes('{') ? path : `${path.replace(/\/$/, '')}/{id}`;
  const parameters = [...match.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] ?? '');
  const files = await ProjectFiles.read(root);
  refuseSecond(files, match);
  const id = parameters.at(-1) ?? 'id';
  const parts = chooseServices(files, services, match, 2).map((service, at) => {
    const reading = readResourceName(service);
    const [part, list] = reading.ok ? [reading.name.camel, reading.name.kebabs] : [service, service];
    return `    ${part}: { service: '${service}', target: '/${list}/{${id}}', need: '${at === 0 ? 'required' : 'optional'}' },`;
  });
  const entry = [
    '{',
    "  kind: 'aggregate',",
    `  match: '${match}',`,
    `  parameters: { ${parameters.map((each) => `${each}: { in: 'path', type: 'id' }`).join(', ')} },`,
    '  parts: {',
    ...parts,
    '  },',
    '}',
  ].join('\n');
  files.add(gatewayFile, 'routes', entry);
  return { changes: files.changes, byHand: files.byHand };
}
