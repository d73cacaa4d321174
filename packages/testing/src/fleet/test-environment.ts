import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * What programs get of the environment that the tests run in: where the system and its tools are, and nothing that could
 * be a setting. A `DATABASE_URL` of the shell must not lead a test to real data.
 */
const passed =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TMP|TEMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|VIRTUAL_ENV|PYTHONPATH|GOPATH|GOROOT|GOCACHE|GOMODCACHE|CARGO_HOME|JAVA_HOME|DOTNET_ROOT|NODE_PATH|NODE_V8_COVERAGE|NODE_COMPILE_CACHE|NODE_EXTRA_CA_CERTS)$/i;

/** The environment for the programs of a test; `own`: what the test sets beside, `project`: where its fleet is. */
export function testEnvironment(
  outer: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
  project: string,
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) if (value !== undefined && passed.test(name)) env[name] = value;
  // Compiling takes as long as all the rest of a start. What was compiled before counts as covered less exactly.
  const modules = path.join(project, 'node_modules');
  if (env['NODE_V8_COVERAGE'] === undefined && existsSync(modules))
    env['NODE_COMPILE_CACHE'] ??= path.join(modules, '.cache', 'flotilla', 'compiled');
  // One worker of the gateway starts sooner than one for each core, and does the same.
  return { MAX_WORKERS: '1', ...env, ...own };
}
