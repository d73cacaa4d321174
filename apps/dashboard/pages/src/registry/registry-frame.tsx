import type { ComponentChildren, JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { registryTexts } from './registry-texts.ts';
import './registry.css';

/** A part of the registry's page. */
export type RegistryPart = 'services' | 'trail' | 'keys' | 'config';

const paths: Readonly<Record<RegistryPart, string>> = {
  services: '/registry',
  trail: '/registry/trail',
  keys: '/registry/keys',
  config: '/registry/config',
};

/** The registry's page with its parts, of which one is shown. */
export function RegistryFrame({
  part,
  tools,
  children,
}: {
  readonly part: RegistryPart;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { title, parts } = useTexts(registryTexts);
  return (
    <Page title={title} tools={tools}>
      <nav class="tabs" aria-label={parts.label}>
        {(['services', 'trail', 'keys', 'config'] as const).map((each) => (
          <Link key={each} to={paths[each]} isCurrent={each === part}>
            {parts[each]}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
