import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decisions } from './decisions.ts';

/** An entry of the menu: a page, or a heading above several. */
export interface MenuItem {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly MenuItem[];
}

/** What the menu says in one language. */
export interface MenuWords {
  /** The folder of the language's pages, with a slash at its end: '' for English. */
  readonly folder: string;
  readonly tour: string;
  readonly guides: string;
  readonly reference: string;
  readonly decisions: string;
  readonly allDecisions: string;
}

const tour = ['tour/service', 'tour/register', 'tour/request', 'tour/failure', 'tour/reload'];

const guides = [
  'guides/your-own-repository',
  'guides/gateway-routes',
  'guides/api-documents',
  'guides/databases',
  'guides/migrations',
  'guides/idempotency',
  'guides/events',
  'guides/cache',
  'guides/testing',
  'guides/contract-tests',
  'guides/other-languages',
  'guides/grpc',
  'guides/other-registries',
  'guides/consul-clients',
  'guides/keys',
  'guides/central-configuration',
  'guides/eureka-clients',
  'guides/dns-and-prometheus',
  'guides/dashboard',
  'guides/operating',
  'guides/metrics-and-logs',
  'guides/tracing',
  'guides/health-checks',
  'guides/disappearing-instances',
  'guides/scaling',
  'guides/access',
];

const reference = [
  'reference',
  'packages',
  'contract',
  'cli',
  'fleet',
  'config',
  'routes',
  'errors',
  'http1',
  'registry-differences',
  'figures',
  'glossary',
];

/** The menu beside every page, in one language. */
export function sidebar(words: MenuWords): readonly MenuItem[] {
  const page = (name: string): MenuItem => ({ text: titleOf(name, words.folder), link: `/${words.folder}${name}` });
  return [
    { text: words.tour, items: tour.map(page) },
    { text: words.guides, items: guides.map(page) },
    { text: words.reference, items: reference.map(page) },
    {
      text: words.decisions,
      collapsed: true,
      items: [
        { text: words.allDecisions, link: `/${words.folder}decisions` },
        // These are in English alone.
        ...decisions().map(({ name, title }) => ({ text: title, link: `/adr/${name}` })),
      ],
    },
  ];
}

/** The links at the top of every page, in one language. */
export function topLinks(words: MenuWords): readonly MenuItem[] {
  return [
    { text: words.tour, link: `/${words.folder}${tour[0] ?? ''}` },
    { text: words.guides, link: `/${words.folder}${guides[0] ?? ''}` },
    { text: words.reference, link: `/${words.folder}reference` },
    { text: words.decisions, link: `/${words.folder}decisions` },
  ];
}

/** The heading of a page, so that the menu says the same. */
function titleOf(name: string, folder: string): string {
  const text = readFileSync(join(import.meta.dirname, '..', `${folder}${name}.md`), 'utf8');
  return /^# (.*)$/m.exec(text)?.[1] ?? name;
}
