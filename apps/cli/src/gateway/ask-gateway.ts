import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf } from '../output/short-values.ts';
import { type Answer, answer } from '../running/answer.ts';
import { explanationLines } from './explanation-lines.ts';
import { findGateway } from './find-gateway.ts';
import type { ToldExplanation, ToldRoutes, ToldUpstreams } from './gateway-answers.ts';
import { callGateway } from './gateway-call.ts';
import { readRequest } from './read-request.ts';
import { routeLines } from './route-lines.ts';
import { upstreamLines } from './upstream-lines.ts';

type Ask = (gateway: URL, columns: number | undefined) => Promise<Answer>;

/** `flotilla gateway`. */
export async function askGateway(given: Given, cli: Cli): Promise<number> {
  const ask = asked(given);
  const gateway = await findGateway(given, cli);
  return answer(given, cli, () => ask(gateway, columnsOf(cli.stdout)));
}

/** What the words ask for. Throws a {@link Mistake} if they ask for nothing there is. */
function asked(given: Given): Ask {
  const [what = '', ...rest] = given.words;
  const service = given.value('--service');
  switch (what) {
    case 'routes':
      noMore(what, rest);
      return async (gateway, columns) => {
        // What our own gateway of the same version says.
        const told = (await callGateway(gateway, 'flotilla/routes')) as ToldRoutes;
        const routes = told.routes.filter(({ services }) => service === undefined || services.includes(service));
        return { json: { routes }, text: routeLines(routes, service, columns) };
      };
    case 'upstreams':
      noMore(what, rest);
      return async (gateway, columns) => {
        const told = (await callGateway(gateway, 'flotilla/upstreams')) as ToldUpstreams;
        const services = told.services.filter((each) => service === undefined || each.service === service);
        return { json: { services }, text: upstreamLines(services, service, columns) };
      };
    case 'explain': {
      const request = readRequest(rest, given.all('--header'));
      return async (gateway, columns) => {
        const told = (await callGateway(gateway, 'flotilla/explain', request)) as ToldExplanation;
        return { json: told, text: explanationLines(request, told, columns) };
      };
    }
    default:
      throw new Mistake(`"${what}" is not something to ask: choose routes, upstreams or explain`);
  }
}

function noMore(what: string, [word]: readonly string[]): void {
  if (word !== undefined) throw new Mistake(`gateway ${what} takes no "${word}"`);
}
