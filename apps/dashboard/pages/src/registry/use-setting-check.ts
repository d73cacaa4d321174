import type { ConfigCheck } from '@flotilla/dashboard/wire';
import { useEffect, useState } from 'preact/hooks';
import { TroubleError } from '../api/trouble.ts';
import { useApp } from '../app/app.ts';

/** How long after the last key a value counts as typed. */
const settledMs = 200;

/** What a value would do, asked when the typing pauses; undefined until that is known, or if it cannot be. */
export function useSettingCheck(path: string, value: string): ConfigCheck | undefined {
  const { api } = useApp();
  const [known, setKnown] = useState<{ readonly value: string; readonly check: ConfigCheck } | undefined>(undefined);
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(() => {
      api.send<ConfigCheck>('POST', `${path}/check`, { value }).then(
        (check) => {
          if (!isOld) setKnown({ value, check });
        },
        (error: unknown) => {
          // Whether it can be set is then seen when it is.
          if (!(error instanceof TroubleError)) throw error;
        },
      );
    }, settledMs);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [api, path, value]);
  return known?.value === value ? known.check : undefined;
}
