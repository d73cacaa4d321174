import type { Translated } from '@flotilla/contracts';
import { both } from './both.ts';
import type { RouteView } from './views.ts';

/** What each policy would do, in the order in which the request passes them. */
export function policySteps(policies: RouteView['policies']): readonly Translated[] {
  return policies.map(({ kind, options }, at) => {
    const { en, 'zh-CN': zh } = kind === 'ask' ? question(options) : edits(options);
    return both(`policy ${at + 1}, ${kind}: ${en}`, `策略 ${at + 1}，${kind}：${zh}`);
  });
}

function question(options: Readonly<Record<string, unknown>>): Translated {
  const { service, target, timeoutMs, onFailure } = options;
  const [otherwise, otherwiseInChinese] =
    onFailure === 'let-through' ? ['lets the request through', '放行'] : ['refuses the request', '拒绝'];
  return both(
    `asks ${String(service)} for ${String(target)}; goes on with a 2xx, and ${otherwise} if there is no answer within ${String(timeoutMs)} ms`,
    `向 ${String(service)} 请求 ${String(target)}；得到 2xx 则继续，${String(timeoutMs)} ms 内没有应答则${otherwiseInChinese}该请求`,
  );
}

/** `set` and `remove` are what the routes file calls them, in either language. */
function edits(options: Readonly<Record<string, unknown>>): Translated {
  const of = (direction: string): readonly string[] => {
    const about = options[direction];
    if (typeof about !== 'object' || about === null) return [];
    return Object.entries(about).map(([what, names]) => {
      const list: readonly string[] = Array.isArray(names) ? names.map(String) : Object.keys(names as object);
      return `${what} ${list.join(', ')}`;
    });
  };
  const sides = [
    { edited: of('request'), name: both('in the request', '请求中') },
    { edited: of('answer'), name: both('in the answer', '应答中') },
  ].filter(({ edited }) => edited.length > 0);
  return both(
    sides.map(({ edited, name }) => `${name.en} ${edited.join('; ')}`).join(', '),
    sides.map(({ edited, name }) => `${name['zh-CN']} ${edited.join('；')}`).join('，'),
  );
}
