import type { PageEntry, Section } from './shell/page-entry.ts';

/** Every page, by its path. A page is a folder here, loaded when it is first shown. */
export const pages: readonly PageEntry[] = [
  {
    pattern: '/',
    section: 'overview',
    load: async () => (await import('./overview/overview-page.tsx')).OverviewPage,
  },
];

/** The navigation, in its order. */
export const sections: readonly Section[] = [{ name: 'overview', path: '/', icon: 'overview' }];
