import path from 'node:path';
import { type Draft, WishRefused } from './draft.ts';
import { fillIn } from './fill-in.ts';
import { serviceFiles } from './new-service.ts';
import { isOccupied } from './project-files.ts';
import { readServiceName } from './service-name.ts';
import { templateFiles } from './template-files.ts';

/** The project to create. */
export interface NewProjectWish {
  /** Its folder: missing or empty. Its last part becomes the project's name. */
  readonly folder: string;
  /** The resource of its first service, in the singular. */
  readonly service: string;
  /** Flotilla's version and the Node that it needs, from the package that creates the project. */
  readonly version: string;
  readonly node: string;
}

const firstPort = 8001;

/**
 * Drafts a project with one service, a gateway in front of it, and tests.
 *
 * @throws {WishRefused}
 */
export async function draftProject({ folder, service, version, node }: NewProjectWish): Promise<Draft> {
  const project = path.basename(path.resolve(folder));
  const problem = projectNameProblem(project);
  if (problem !== undefined) throw new WishRefused(problem);
  const reading = readServiceName(service);
  if (!reading.ok) throw new WishRefused(reading.problem);
  if (await isOccupied(folder)) {
    throw new WishRefused(`${folder} is not empty. Choose an empty folder, or a name that does not exist yet.`);
  }
  const values: Readonly<Record<string, string>> = { project, version, node };
  const files = (await templateFiles('project')).map((file) => ({
    path: fillIn(file.path, reading.name),
    text: fillIn(file.text, reading.name).replace(
      /\{(project|version|node)\}/g,
      (found, name: string) => values[name] ?? found,
    ),
  }));
  return { changes: [...files, ...(await serviceFiles(reading.name, firstPort))], byHand: [] };
}

/** npm's rules for the name of a package, which the folder's name becomes. */
function projectNameProblem(name: string): string | undefined {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= 100 && !['node_modules', 'favicon.ico'].includes(name))
    return undefined;
  const shown = name.replace(/\p{C}/gu, '?').slice(0, 60);
  return `"${shown}" cannot be a project's name. Use letters from a to z in lower case, digits, ".", "_" and "-", for example my-fleet.`;
}
