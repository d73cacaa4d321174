import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The variables that programs get from the test's own environment: those that locate the system and its tools, and none that could
 * be a setting. A `DATABASE_URL` in the shell must not point a test at real data.
 */
const passed =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TMP|TEMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|VIRTUAL_ENV|PYTHONPATH|GOPATH|GOROOT|GOCACHE|GOMODCACHE|CARGO_HOME|JAVA_HOME|DOTNET_ROOT|NODE_PATH|NODE_V8_COVERAGE|NODE_COMPILE_CACHE|NODE_EXTRA_CA_CERTS)$/i;

/** The environment of the programs. `own`: variables that the test sets. `project`: the folder of the fleet file. */
export function testEnvironment(
  outer: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
  project: string,
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) if (value !== undefined && passed.test(name)) env[name] = value;
  // Compiling takes as long as the rest of a start. Not with coverage, which is less exact for cached code.
  const modules = path.join(project, 'node_modules');
  if (env['NODE_V8_COVERAGE'] === undefined && existsSync(modules))
    env['NODE_COMPILE_CACHE'] ??= path.join(modules, '.cache', 'flotilla', 'compiled');
  // One gateway worker starts faster than one per core.
  return { MAX_WORKERS: '1', ...env, ...own };
}
