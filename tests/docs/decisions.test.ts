import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentPaths, readDocument, readText } from './documents.ts';

const decisions = documentPaths().filter((path) => path.startsWith('docs/adr/'));

test('decisions are numbered without gaps', () => {
  const numbers = decisions.map((path) => Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});

for (const path of decisions) {
  test(`${path} has context, decision, rejected alternatives and how we would notice it was wrong, on one page`, () => {
    const { headings } = readDocument(path);
    const [title, ...sections] = headings.map((heading) => heading.text);
    assert.match(title ?? '', /^\d{4} \S/);
    assert.equal(title?.slice(0, 4), path.slice('docs/adr/'.length, 'docs/adr/'.length + 4));
    assert.deepEqual(sections, ['Context', 'Decision', 'Rejected', 'How we would notice it was wrong']);
    assert.ok(readText(path).trimEnd().split('\n').length <= 60, 'longer than 60 lines');
  });
}
