import { type ErrorRow, errorTable, fieldTable } from '@flotilla/contracts';

const opening = `# Errors

<!-- Generated from packages/contracts/src/error-table.ts and field-table.ts by "npm run generate". Do not edit. -->

Every error is answered as \`application/problem+json\` (RFC 9457); a client that prefers \`text/plain\` gets the message alone.
Match on \`code\`: it never changes, while messages may. \`requestId\` finds the log line, \`traceId\` the trace.
\`errors\` names each bad field, with a code of its own: see [what can be wrong with a field](#what-can-be-wrong-with-a-field).
Title and messages are in the language that \`Accept-Language\` asks for; \`detail\` is a diagnostic for programmers, in English.
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
    fieldSection(),
  ].join('\n');
}

function section(code: string, row: ErrorRow): string {
  return `## ${code}\n\n- **When**: ${row.cause}\n- **What to do**: ${row.action}\n`;
}

function fieldSection(): string {
  const rows = Object.entries(fieldTable).map(([code, texts]) => `| ${code} | ${texts.en} | ${texts['zh-CN']} |`);
  return `## What can be wrong with a field

Each entry of \`errors\` is \`{"field", "code", "message"}\`. \`field\` is a JSON pointer into the body (\`/email\`), \`?name\` for a
query parameter, \`{name}\` for a path parameter. Places in braces are filled in.

| code | message | 消息 |
|---|---|---|
${rows.join('\n')}
`;
}
