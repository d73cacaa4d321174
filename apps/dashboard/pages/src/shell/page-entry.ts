import type { ComponentType } from 'preact';
import type { IconName } from '../ui/icon.tsx';
import type { shellTexts } from './shell-texts.ts';

/** What a page gets: the parts of its path. */
export interface PageProps {
  readonly parameters: Readonly<Record<string, string>>;
}

/** A page of the dashboard. */
export interface PageEntry {
  /** `/traces/:id`; the first that fits is shown. */
  readonly pattern: string;
  /** Its place in the navigation. */
  readonly section: keyof (typeof shellTexts)['en']['pages'];
  /** Loads its code when it is first shown. */
  readonly load: () => Promise<ComponentType<PageProps>>;
}

/** A line of the navigation. */
export interface Section {
  readonly name: PageEntry['section'];
  readonly path: string;
  readonly icon: IconName;
}
