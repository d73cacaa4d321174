import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useApp, useTexts } from '../app/app.ts';
import { matchPath } from '../browser/match-path.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Link } from '../ui/link.tsx';
import { NoticeList } from '../ui/notice-list.tsx';
import { Segments } from '../ui/segments.tsx';
import { CurrentPage } from './current-page.tsx';
import type { PageEntry, Section } from './page-entry.ts';
import { shellTexts } from './shell-texts.ts';

/** The frame around every page: navigation, language, theme, and whether what is shown is live. */
export function Shell({
  pages,
  sections,
}: {
  readonly pages: readonly PageEntry[];
  readonly sections: readonly Section[];
}): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(shellTexts);
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { path } = router.place.value;
  const current = pages.find(({ pattern }) => matchPath(pattern, path) !== undefined)?.section;

  return (
    <div
      class="shell"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {texts.skip}
      </a>
      <header class="topbar">
        <Button
          icon={isOpen ? 'close' : 'menu'}
          look="quiet"
          label={isOpen ? texts.closeMenu : texts.openMenu}
          expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
        <Brand />
        <LivenessLabel />
      </header>
      {isOpen && <button type="button" class="veil" aria-label={texts.closeMenu} onClick={() => setOpen(false)} />}
      <nav class="side" aria-label={texts.navigation} data-open={isOpen ? '' : undefined}>
        <Brand />
        <div class="nav">
          {sections.map(({ name, path: to, icon }) => (
            <Link key={name} to={to} isCurrent={name === current} onGo={() => setOpen(false)}>
              <Icon name={icon} />
              {texts.pages[name]}
            </Link>
          ))}
        </div>
        <div class="side-foot">
          <LivenessLabel />
          <Choices />
        </div>
      </nav>
      <main class="main" id="main" tabIndex={-1} ref={main}>
        <CurrentPage pages={pages} />
      </main>
      <NoticeList />
    </div>
  );
}

function Brand(): JSX.Element {
  return (
    <Link to="/" class="brand">
      <img src="/icon.svg" alt="" />
      Flotilla
    </Link>
  );
}

function LivenessLabel(): JSX.Element {
  const { live } = useApp();
  const texts = useTexts(shellTexts);
  const liveness = live.liveness.value;
  const tones = { connecting: 'calm', live: 'good', lost: 'warn' } as const;
  return (
    <span class="liveness" data-tone={tones[liveness]}>
      <span class="dot" data-pulse={liveness === 'live' ? undefined : ''} />
      {texts.liveness[liveness]}
    </span>
  );
}

function Choices(): JSX.Element {
  const { language, theme } = useApp().preferences;
  const texts = useTexts(shellTexts);
  return (
    <div class="choices">
      <Segments
        label={texts.language}
        value={language.value}
        choices={[
          { value: 'en', text: 'EN' },
          { value: 'zh', text: '中文' },
        ]}
        onChoose={(value) => {
          language.value = value;
        }}
      />
      <Segments
        label={texts.theme}
        value={theme.value}
        choices={[
          { value: 'system', text: texts.themes.system, icon: 'screen' },
          { value: 'light', text: texts.themes.light, icon: 'sun' },
          { value: 'dark', text: texts.themes.dark, icon: 'moon' },
        ]}
        onChoose={(value) => {
          theme.value = value;
        }}
      />
    </div>
  );
}
