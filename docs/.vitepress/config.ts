import { headingAnchor } from './heading-anchor.ts';
import { chinese, english } from './languages.ts';
import { otherLanguage } from './other-language.ts';
import { searchWords } from './search-words.ts';

/** Pages that are wide tables: they get the room that a list of their headings would take. */
const wide = /^(?:zh\/)?(?:config|contract|figures|http1)\.md$/;

/** How VitePress builds the site. `npm run docs:build` writes it, `npm run docs:dev` shows it while you write. */
export default {
  title: 'Flotilla',
  description: 'A microservice platform for TypeScript teams',
  srcExclude: ['**/node_modules/**'],
  outDir: '../dist/site',
  // What is left over from a build belongs to no reader and to no other checkout.
  cacheDir: '../.flotilla/site-cache',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  markdown: {
    // The same anchors as on GitHub, so that a link works in both places.
    anchor: { slugify: headingAnchor },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
  },
  transformPageData: ({
    relativePath,
    frontmatter,
  }: {
    relativePath: string;
    frontmatter: Record<string, unknown>;
  }) => {
    if (wide.test(relativePath)) frontmatter['aside'] = false;
  },
  locales: { root: english, zh: chinese },
  themeConfig: {
    logo: '/icon.svg',
    i18nRouting: otherLanguage,
    search: {
      provider: 'local',
      options: { miniSearch: { options: { tokenize: searchWords } }, locales: { zh: chinese.search } },
    },
  },
};
