// The bootstrap runs this with the project's Node and NODE_COMPILE_CACHE: it loads every module of the programs without running
// any program, so that Node caches the compiled code. Otherwise the first start would strip the types in every process, which
// costs each about 25 MB and all of them about a second.
import { existsSync, readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const isEntry = (url) => url?.endsWith('/src/main.ts') === true;

// A program runs when its entry is evaluated. An entry with empty imports is compiled, but cannot be linked.
registerHooks({
  resolve: (specifier, context, next) =>
    isEntry(context.parentURL) ? { url: 'data:text/javascript,', shortCircuit: true } : next(specifier, context),
});

// Also in the root: the gateway's routes file.
const files = [...modulesIn(root, false), ...workspaces().flatMap((folder) => modulesIn(`${folder}/src`, true))];
// An error here occurs again, and is reported, when the program that needs the module starts.
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
