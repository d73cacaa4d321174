import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf } from '../output/short-values.ts';
import { answer } from '../running/answer.ts';
import { explainedLines } from './explained-lines.ts';
import { RegistryCalls } from './registry-calls.ts';

/** `flotilla explain`: why each instance of a service is served or not, in the registry's own words. */
export async function explainService(given: Given, cli: Cli): Promise<number> {
  const [service = ''] = given.words;
  const calls = await RegistryCalls.of(given, cli);
  return answer(given, cli, async () => {
    const explained = await calls.call({ path: `explain/${encodeURIComponent(service)}` });
    return { json: explained, text: explainedLines(explained, columnsOf(cli.stdout) ?? 100, cli.clock.now()) };
  });
}
