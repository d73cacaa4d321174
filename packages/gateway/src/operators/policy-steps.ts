import type { RouteView } from './views.ts';

/** What each policy would do, in the order in which the request passes them. */
export function policySteps(policies: RouteView['policies']): readonly string[] {
  return policies.map(
    ({ kind, options }, at) => `policy ${at + 1}, ${kind}: ${kind === 'ask' ? question(options) : edits(options)}`,
  );
}

function question(options: Readonly<Record<string, unknown>>): string {
  const { service, target, timeoutMs, onFailure } = options;
  const otherwise = onFailure === 'let-through' ? 'lets the request through' : 'refuses the request';
  return `asks ${String(service)} for ${String(target)}; goes on with a 2xx, and ${otherwise} if there is no answer within ${String(timeoutMs)} ms`;
}

function edits(options: Readonly<Record<string, unknown>>): string {
  const of = (direction: string): readonly string[] => {
    const about = options[direction];
    if (typeof about !== 'object' || about === null) return [];
    return Object.entries(about).map(([what, names]) => {
      const list: readonly string[] = Array.isArray(names) ? names.map(String) : Object.keys(names as object);
      return `${what} ${list.join(', ')}`;
    });
  };
  const [request, answer] = [of('request'), of('answer')];
  const parts = [
    ...(request.length === 0 ? [] : [`in the request ${request.join('; ')}`]),
    ...(answer.length === 0 ? [] : [`in the answer ${answer.join('; ')}`]),
  ];
  return parts.join(', ');
}
