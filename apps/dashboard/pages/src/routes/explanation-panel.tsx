import type { RouteExplanation } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/page.tsx';
import type { Tone } from '../ui/tone.ts';
import { RouteTable } from './route-table.tsx';
import { routesTexts } from './routes-texts.ts';

const tones: Readonly<Record<RouteExplanation['outcome'], Tone>> = {
  proxied: 'good',
  aggregated: 'good',
  answered: 'accent',
  refused: 'bad',
};

/** What the gateway would do with a request, step by step. */
export function ExplanationPanel({
  request,
  explanation,
}: {
  /** As it was asked about: `GET /users`. */
  readonly request: string;
  readonly explanation: RouteExplanation;
}): JSX.Element {
  const texts = useTexts(routesTexts);
  const { outcome, route, steps, upstream, answer } = explanation;
  return (
    <>
      <Panel
        title={
          <span class="line">
            <code>{request}</code>
            <Badge tone={tones[outcome]}>{texts.outcomes[outcome]}</Badge>
          </span>
        }
      >
        <div class="stack" role="status">
          <h3>{texts.steps}</h3>
          <ol class="steps">
            {steps.map((step) => (
              <li key={step} class="breaks">
                {step}
              </li>
            ))}
          </ol>
          {upstream !== undefined && (
            <dl class="details">
              <dt>{texts.wouldSend}</dt>
              <dd>
                <code class="breaks">{upstream.target}</code> → {upstream.service}
              </dd>
              <dt>{texts.to}</dt>
              <dd>{upstream.candidates.length === 0 ? texts.nobody : upstream.candidates.join(', ')}</dd>
            </dl>
          )}
          {answer !== undefined && (
            <dl class="details">
              <dt>{texts.wouldAnswer}</dt>
              <dd>{[answer.status, answer.code].filter((each) => each !== undefined).join(' ')}</dd>
            </dl>
          )}
        </div>
      </Panel>
      {route !== undefined && (
        <Panel flush>
          <RouteTable routes={[route]} />
        </Panel>
      )}
    </>
  );
}
