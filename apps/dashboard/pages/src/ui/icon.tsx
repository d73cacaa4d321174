import type { JSX } from 'preact';

/** Lines of each icon, in a square of 16. */
const paths = {
  overview: 'M2.5 2.5h4.5v6h-4.5zM9 2.5h4.5v3.5h-4.5zM9 8.5h4.5v5h-4.5zM2.5 11h4.5v2.5h-4.5z',
  topology: 'M8 2v0M8 5.5v2.5M8 8H3.5v2.5M8 8h4.5v2.5M6.2 2h3.6v3.5H6.2zM1.8 10.5h3.6V14H1.8zM10.6 10.5h3.6V14h-3.6z',
  requests: 'M2 4.5h9M8.5 2L11 4.5 8.5 7M14 11.5H5M7.5 9L5 11.5 7.5 14',
  logs: 'M2.5 3.5h11M2.5 6.5h7M2.5 9.5h11M2.5 12.5h5',
  metrics: 'M2 13.5h12M2.5 10.5l3-3.5 3 2 5-6',
  alerts: 'M8 2.2a4 4 0 0 1 4 4c0 3 1.3 4.3 1.3 4.3H2.7S4 9.2 4 6.2a4 4 0 0 1 4-4zM6.7 13a1.4 1.4 0 0 0 2.6 0',
  registry:
    'M2.5 4c0-1 2.5-1.8 5.5-1.8s5.5.8 5.5 1.8-2.5 1.8-5.5 1.8S2.5 5 2.5 4zM2.5 4v8c0 1 2.5 1.8 5.5 1.8s5.5-.8 5.5-1.8V4M2.5 8c0 1 2.5 1.8 5.5 1.8s5.5-.8 5.5-1.8',
  routes: 'M3.5 13.5v-5a3 3 0 0 1 3-3h6M10 3l2.5 2.5L10 8M3.5 5.5v-3',
  documents: 'M4 1.8h5.5L12.5 5v9.2H4zM9.2 2v3.2h3M6 8.2h4.5M6 11h4.5',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3L13.5 13.5',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.8A5.5 5.5 0 1 1 6.2 3a4.4 4.4 0 0 0 6.8 6.8z',
  screen: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  play: 'M5 3.2l7.5 4.8L5 12.8z',
  stop: 'M4 4h8v8H4z',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  check: 'M3 8.5l3.2 3.2L13 5',
  warning: 'M8 2.2L14.3 13.3H1.7zM8 6.5v3M8 11.4v.1',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.3V11M8 5v.1',
  error: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 4.8v4M8 11v.1',
  right: 'M6 3.5L10.5 8 6 12.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  link: 'M9 3h4v4M13 3L7.5 8.5M11 9.5V13H3V5h3.5',
  edit: 'M3 13l.6-2.9L10.8 3l2.2 2.2L5.9 12.4z',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 9h5.8l.6-9',
  send: 'M2.5 8L13.5 3 10.5 13.2 7.7 9.2z',
  pause: 'M5 3.5v9M11 3.5v9',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof paths;

/** A drawing beside words: readers of screens skip it, so what it stands for must be said by a text. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
