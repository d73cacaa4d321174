import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldNameId } from '@flotilla/http1';
import { hasPassed } from './request-fields.ts';
import type { RequestHead } from './request-head.ts';

for (const [expected, ...values] of [
  [true, '1.1 flotilla-7'],
  [true, '1.0 edge, 1.1 flotilla-7'],
  [true, '1.0 edge', '2.0 FLOTILLA-7 (a comment, with a comma)'],
  [true, 'HTTP/1.1  flotilla-7 '],
  [false],
  [false, ''],
  [false, '1.1 flotilla-71', '1.1 flotilla-'],
  [false, 'flotilla-7'],
  [false, '1.1 edge (1.1 flotilla-7)'],
] as const) {
  test(`Via ${JSON.stringify(values)} does ${expected ? '' : 'not '}name flotilla-7`, () => {
    const names = ['Accept', ...values.map(() => 'via')];
    const head: RequestHead = {
      method: 'GET',
      target: '/',
      host: 'h',
      scheme: 'http',
      httpVersion: '1.1',
      remoteAddress: '::1',
      ...{ headers: ['Accept', '*/*', ...values.flatMap((value) => ['via', value])], connection: [] },
      fieldIds: names.map((name) => fieldNameId(name.toLowerCase())),
    };
    assert.equal(hasPassed(head, 'flotilla-7'), expected);
  });
}
