import { parseArgs } from 'node:util';
import { proxyKinds } from './proxy-kinds.ts';
import { scenarios } from './scenarios.ts';

export interface Options {
  readonly quick: boolean;
  /** Names, in the order of the tables they come from. */
  readonly scenarios: readonly string[];
  readonly proxies: readonly string[];
  /** For all scenarios; undefined: each has its own number. */
  readonly rounds: number | undefined;
  /** Of one measurement. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Requests per second of the open loop that is the same for all. */
  readonly rate: number;
  readonly proxyCore: string;
  readonly loadCore: string;
  /** Where the results are written; undefined: nowhere. */
  readonly outFolder: string | undefined;
}

export const usage = `usage: npm run bench:gateway -- [options]
  --quick             one short round of everything, in less than two minutes, for a first look
  --only <names>      only these scenarios: ${scenarios.map((each) => each.name).join(', ')}
  --proxies <names>   only these proxies: ${proxyKinds.map((each) => each.name).join(', ')}
  --rounds <n>        rounds of each scenario
  --seconds <s>       length of one measurement (default 2; quick 0.7)
  --rate <n>          requests per second of the load that is equal for all (default 1000)
  --cores <p,l>       the proxy's core and that of load and upstream (default 0,1)
  --out <folder>      write the results there (default: bench/results for a full run, else nowhere)`;

/** @throws Error that says which argument is wrong */
export function parseOptions(argv: readonly string[], resultsFolder: string): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      proxies: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      rate: { type: 'string', default: '1000' },
      cores: { type: 'string', default: '0,1' },
      out: { type: 'string' },
    },
  });
  const { quick } = values;
  const [proxyCore = '', loadCore = ''] = values.cores.split(',');
  if (!/^\d+$/.test(proxyCore) || !/^\d+$/.test(loadCore))
    throw new Error(`--cores needs two numbers, not ${values.cores}`);
  const full = !quick && values.only === undefined && values.proxies === undefined;
  return {
    quick,
    scenarios: chosen('--only', values.only, scenarios),
    proxies: chosen('--proxies', values.proxies, proxyKinds),
    rounds: values.rounds === undefined ? (quick ? 1 : undefined) : positive('--rounds', values.rounds),
    seconds: values.seconds === undefined ? (quick ? 0.7 : 2) : positive('--seconds', values.seconds),
    warmUpSeconds: quick ? 0.5 : 2,
    rate: positive('--rate', values.rate),
    proxyCore,
    loadCore,
    outFolder: values.out ?? (full ? resultsFolder : undefined),
  };
}

function chosen(option: string, list: string | undefined, known: readonly { readonly name: string }[]): string[] {
  const names = known.map((each) => each.name);
  if (list === undefined) return names;
  const wanted = list.split(',');
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`${option}: unknown ${unknown.join(', ')}. Use ${names.join(', ')}`);
  return names.filter((name) => wanted.includes(name));
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} needs a number above 0, not ${text}`);
  return value;
}
