import type { HttpApp } from './http-app-type.ts';

/** How Fastify's plugins say that they are no scope of their own, but add to the app that registers them. */
const noScope = Symbol.for('skip-override');

type Register = (plugin: unknown, options?: unknown) => PromiseLike<unknown>;
type Plugin = (app: unknown, ...rest: readonly unknown[]) => unknown;

/**
 * Makes `scope.register` open scopes that speak the dialect of `scope`. By the time a service registers a plugin, `scope` is
 * loaded, and Fastify would put the plugin beside it: its routes would have no ids, no log lines, and answer with Fastify's own
 * errors, which tell the caller what went wrong inside.
 *
 * @param speak makes a scope speak the dialect
 */
export function registerInDialect(root: HttpApp, scope: HttpApp, speak: (child: HttpApp) => void): void {
  // Their types have an overload for each kind of plugin, which are passed on as they are.
  const registerBeside = root.register.bind(root) as unknown as Register;
  const register: Register = (plugin, options) => {
    if (isWithoutScope(plugin)) return registerBeside(calledWith(plugin, withRoutesOf(scope, root)), options);
    return registerBeside(async (child: HttpApp) => {
      speak(child);
      await (child.register as unknown as Register)(plugin, options);
    });
  };
  Object.defineProperty(scope, 'register', { value: register });
}

function isWithoutScope(plugin: unknown): plugin is Plugin {
  return typeof plugin === 'function' && Reflect.get(plugin, noScope) === true;
}

/** The plugin, with all that Fastify reads of it, but given another app. */
function calledWith(plugin: Plugin, app: HttpApp): Plugin {
  const apply = (target: Plugin, self: unknown, given: readonly unknown[]): unknown =>
    target.call(self, app, ...given.slice(1));
  return new Proxy(plugin, { apply });
}

/** `root` for a plugin that adds to it: what it decorates and hooks is for all scopes, but its routes are those of `scope`. */
function withRoutesOf(scope: HttpApp, root: HttpApp): HttpApp {
  const ofScope = new Set(['register', 'route', 'all', ...root.supportedMethods.map((method) => method.toLowerCase())]);
  return new Proxy(root, {
    get(target, name): unknown {
      const isOfScope = typeof name === 'string' && ofScope.has(name);
      const found: unknown = Reflect.get(isOfScope ? scope : target, name);
      return isOfScope && typeof found === 'function' ? found.bind(scope) : found;
    },
  });
}
