import type { HttpApp } from './http-app-type.ts';

/** How Fastify's plugins say that they are no scope of their own, but add to the app that registers them. */
const noScope = Symbol.for('skip-override');

type Register = (plugin: unknown, options?: unknown) => PromiseLike<unknown>;

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
    if (typeof plugin === 'function' && Reflect.get(plugin, noScope) === true) return registerBeside(plugin, options);
    return registerBeside(async (child: HttpApp) => {
      speak(child);
      await (child.register as unknown as Register)(plugin, options);
    });
  };
  Object.defineProperty(scope, 'register', { value: register });
}
