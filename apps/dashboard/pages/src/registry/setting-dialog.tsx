import type { ConfigCheck, ConfigSetting } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note, useTroubleText } from '../ui/note.tsx';
import { uiTexts } from '../ui/ui-texts.ts';
import { registryTexts } from './registry-texts.ts';
import { useSettingCheck } from './use-setting-check.ts';

/** Sets a setting, which is checked while it is typed, or unsets it; says which services follow at once. */
export function SettingDialog({
  service,
  serviceWords,
  setting: { name, describe, default: standard, expects, value: own, shared },
  onClose,
}: {
  readonly service: string;
  /** The service as the reader calls it. */
  readonly serviceWords: string;
  readonly setting: ConfigSetting;
  readonly onClose: () => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const { cancel } = useTexts(uiTexts);
  const { api, notices } = useApp();
  const troubleText = useTroubleText();
  const id = useId();
  const [value, setValue] = useState(own ?? shared ?? standard ?? '');
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const path = `/api/registry/config/${encodeURIComponent(service)}/${encodeURIComponent(name)}`;
  const check = useSettingCheck(path, value);
  const isWrong = check?.problem !== undefined;

  const change = async (wish: () => Promise<string>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      notices.add('done', await wish());
      onClose();
    } catch (error) {
      setRefusal(troubleText(troubleOf(error)));
      setBusy(false);
    }
  };
  const save = (): void =>
    void change(async () => {
      await api.send<ConfigCheck>('PUT', path, { value });
      return texts.saved(name);
    });
  const unset = (): void =>
    void change(async () => {
      await api.send('DELETE', path);
      return texts.unsetDone(name);
    });
  return (
    <Dialog
      title={name}
      onClose={onClose}
      onSubmit={() => {
        if (!isWrong && !isBusy) save();
      }}
      foot={
        <>
          {own !== undefined && (
            <Button look="danger" disabled={isBusy} onClick={unset}>
              {texts.unset}
            </Button>
          )}
          <Button onClick={onClose}>{cancel}</Button>
          <Button look="main" type="submit" disabled={isBusy || isWrong}>
            {texts.save}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p class="muted">{describe ?? texts.unknownSetting}</p>
        <label class="field">
          <span>{texts.valueOf(serviceWords)}</span>
          <input
            class="input mono"
            value={value}
            spellcheck={false}
            aria-invalid={isWrong}
            aria-describedby={id}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <div id={id} class="stack" role="status">
          {expects !== undefined && !isWrong && <p class="muted">{texts.expected(expects)}</p>}
          {check !== undefined && <Effect check={check} />}
        </div>
        {refusal !== undefined && <Note tone="bad">{refusal}</Note>}
      </div>
    </Dialog>
  );
}

/** Who would use the value, and from when on. */
function Effect({
  check: { problem, followedBy, atRestartOf, refusedBy, isUnchecked },
}: {
  readonly check: ConfigCheck;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  if (problem !== undefined) return <p class="much breaks">{problem}</p>;
  return (
    <>
      {followedBy.length > 0 && <p>{texts.followedBy(followedBy.join(', '))}</p>}
      {atRestartOf.length > 0 && <p>{texts.atRestartOf(atRestartOf.join(', '))}</p>}
      {refusedBy.map((each) => (
        <p key={each.service} class="some breaks">
          {each.service}: {each.problem}
        </p>
      ))}
      {isUnchecked && <p class="some">{texts.unchecked}</p>}
    </>
  );
}
