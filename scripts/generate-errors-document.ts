import { type ErrorRow, errorTable } from '@flotilla/contracts';

const opening = `# Errors

<!-- Generated from packages/contracts/src/error-table.ts by "npm run generate". Do not edit. -->

Every error is answered as \`application/problem+json\` (RFC 9457); a client that prefers \`text/plain\` gets the message alone.
Match on \`code\`: it never changes, while messages may. \`requestId\` finds the log line, \`traceId\` the trace.
A code marked *retry* may succeed later without a change to the request; if the answer has \`Retry-After\`, wait as long as it says.
`;

/** The text of `docs/errors.md`. */
export function generateErrorsDocument(): string {
  const rows = Object.entries(errorTable).sort(([, a], [, b]) => a.status - b.status);
  const overview = rows.map(
    ([code, row]) =>
      `| ${row.status} | [${code}](#${code.toLowerCase()}) | ${row.retryable ? 'retry' : ''} | ${row.message.en} | ${row.message['zh-CN']} |`,
  );
  return [
    opening,
    '| status | code | | message | 消息 |\n|---|---|---|---|---|',
    `${overview.join('\n')}\n`,
    rows.map(([code, row]) => section(code, row)).join('\n'),
  ].join('\n');
}

function section(code: string, row: ErrorRow): string {
  return `## ${code}\n\n- **When**: ${row.cause}\n- **What to do**: ${row.action}\n`;
}
