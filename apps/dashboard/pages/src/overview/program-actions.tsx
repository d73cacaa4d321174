import type { InstanceState, InstanceView, ProgramView } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { uiTexts } from '../ui/ui-texts.ts';
import { overviewTexts } from './overview-texts.ts';
import type { FleetActions } from './use-fleet-actions.ts';

/** Start or stop, restart, and how many: of a program, or of one instance of it. */
export function ProgramActions({
  program,
  instance,
  actions,
}: {
  readonly program: ProgramView;
  readonly instance?: InstanceView;
  readonly actions: FleetActions;
}): JSX.Element | null {
  const texts = useTexts(overviewTexts);
  const [isAsking, setAsking] = useState(false);
  if (!program.canControl) return null;
  const { name, state } = instance ?? program;
  const isBusy = actions.busy.has(name);
  const count = program.instances.length;
  return (
    <span class="acts-line">
      {instance === undefined && program.singleBecause === undefined && (
        <fieldset class="scale" aria-label={texts.scale(name)}>
          <Button
            icon="minus"
            look="quiet"
            label={texts.fewer(name)}
            disabled={isBusy || count <= 1}
            onClick={() => actions.scale(name, count - 1)}
          />
          <span class="numeric">{count}</span>
          <Button
            icon="plus"
            look="quiet"
            label={texts.more(name)}
            disabled={isBusy}
            onClick={() => actions.scale(name, count + 1)}
          />
        </fieldset>
      )}
      <Button
        icon="restart"
        look="quiet"
        label={texts.restart(name)}
        disabled={isBusy}
        onClick={() => actions.run('restart', name)}
      />
      {isDown(state) ? (
        <Button
          icon="play"
          look="quiet"
          label={texts.start(name)}
          disabled={isBusy}
          onClick={() => actions.run('start', name)}
        />
      ) : (
        <Button icon="stop" look="quiet" label={texts.stop(name)} disabled={isBusy} onClick={() => setAsking(true)} />
      )}
      {isAsking && (
        <AskStop
          name={name}
          onClose={() => setAsking(false)}
          onStop={() => {
            setAsking(false);
            actions.run('stop', name);
          }}
        />
      )}
    </span>
  );
}

function AskStop({
  name,
  onClose,
  onStop,
}: {
  readonly name: string;
  readonly onClose: () => void;
  readonly onStop: () => void;
}): JSX.Element {
  const { askStop } = useTexts(overviewTexts);
  const { cancel } = useTexts(uiTexts);
  return (
    <Dialog
      title={askStop.title(name)}
      onClose={onClose}
      onSubmit={onStop}
      foot={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button look="main" type="submit">
            {askStop.stop}
          </Button>
        </>
      }
    >
      <p>{askStop.text}</p>
    </Dialog>
  );
}

function isDown(state: InstanceState): boolean {
  return state === 'stopped' || state === 'ended' || state === 'misconfigured';
}
