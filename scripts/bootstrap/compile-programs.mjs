// Run by the bootstrap with the project's Node and NODE_COMPILE_CACHE set: loads every module of the programs without
// running any program, so that Node keeps what it compiled. Without this the first start would strip the types in
// every process anew, which costs each about 25 MB and all of them about a second.
import { existsSync, readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const isEntry = (url) => url?.endsWith('/src/main.ts') === true;

// A program runs when its entry is evaluated. An entry whose imports lead nowhere is compiled, but can't be linked.
registerHooks({
  resolve: (specifier, context, next) =>
    isEntry(context.parentURL) ? { url: 'data:text/javascript,', shortCircuit: true } : next(specifier, context),
});

// Also in the root: the gateway's file of routes.
const files = [...modulesIn(root, false), ...workspaces().flatMap((folder) => modulesIn(`${folder}/src`, true))];
// What fails here fails again, and is told, when the program that needs it starts.
await Promise.allSettled(files.map((file) => import(pathToFileURL(file).href)));

function workspaces() {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(path.join(root, group)).map((name) => path.join(root, group, name)))
    .filter(
      (folder) => existsSync(path.join(folder, 'src')) && !['testing', 'conformance'].includes(path.basename(folder)),
    );
}

function modulesIn(folder, recursive) {
  return readdirSync(folder, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.d)\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
