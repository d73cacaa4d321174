import { printableText } from '@flotilla/kit/printable-text';
import { wrapText } from '../output/wrap-text.ts';
import type { ToldExplanation } from './gateway-answers.ts';
import type { AskedRequest } from './read-request.ts';

/** What would become of the request, and why, a step a line. */
export function explanationLines(
  { method, target }: AskedRequest,
  { answer, outcome, steps, upstream }: ToldExplanation,
  columns: number | undefined,
): readonly string[] {
  const result =
    answer !== undefined
      ? `${answer.status} ${answer.code ?? ''}`.trim()
      : upstream !== undefined
        ? `${upstream.service} ${upstream.target}, at one of: ${upstream.candidates.join(', ')}`
        : '';
  const title = `${method} ${target}: ${outcome}${result === '' ? '' : `, ${result}`}`;
  const numbered = steps.flatMap((step, at) => {
    const [first = '', ...rest] = wrapText(printableText(step), (columns ?? 100) - 4);
    return [`${String(at + 1).padStart(2)}. ${first}`, ...rest.map((line) => `    ${line}`)];
  });
  return [printableText(title), ...numbered];
}
