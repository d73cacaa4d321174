import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Knowledge } from './knowledge.ts';

test('what was acknowledged has to be there, and what was not answered may be', () => {
  const knowledge = new Knowledge();
  knowledge.write('a', '1')(10);
  knowledge.write('a', '2');
  knowledge.compare('a', '1', 10);
  knowledge.write('a', '3');
  knowledge.compare('a', '3', 12);
  knowledge.write('a', undefined)(13);
  knowledge.compare('a', undefined, 0);
  assert.deepEqual(knowledge.findings, []);
  assert.deepEqual(knowledge.counts, { acknowledged: 2, unanswered: 2 });
});

test('a lost write, one that comes back, and one that was only seen are found', () => {
  const knowledge = new Knowledge();
  knowledge.write('a', '1')(10);
  knowledge.compare('a', undefined, 0);
  knowledge.write('b', '1')(11);
  knowledge.write('b', '2')(12);
  knowledge.compare('b', '1', 11);
  knowledge.write('c', '1');
  knowledge.seen('c', '1', 13);
  knowledge.compare('c', undefined, 0);
  assert.equal(knowledge.findings.filter((finding) => finding.includes('was lost')).length, 3);
});

test('a revision that comes twice is found', () => {
  const knowledge = new Knowledge();
  knowledge.write('a', '1')(10);
  knowledge.write('a', '2')(10);
  assert.match(knowledge.findings.join('\n'), /at revision 10, though 10 had been seen[^]*used twice/);
});
