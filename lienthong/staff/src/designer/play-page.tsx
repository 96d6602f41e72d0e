/** Trying a model out on a virtual clock: choose what happens, look where everything stands, keep it as a scenario. */
import { useEffect, useMemo, useState } from 'react';
import { Diagram } from '../shared/diagram';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { ProblemNote, Tag } from '../shared/states';
import type { ModelDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { PlayChoices } from './play-choices';
import { PlayScenarios } from './play-scenarios';
import { type Play, usePlay } from './play-state';
import { PlaySteps } from './play-steps';
import type { GateAnswer, PlayInstance } from './types';

interface Props {
  path: string;
  text: () => Promise<string>;
  dirty: boolean;
}
const addressOf = (path: string): string => `/models/file/${path.split('/').map(encodeURIComponent).join('/')}`;

export default function PlayPage({ path, text, dirty }: Props) {
  const { t, language } = useLanguage();
  const play = usePlay(path, text);
  const [gate, setGate] = useState<GateAnswer | null>(null);
  const [chosen, setChosen] = useState('');
  const { view } = play;
  return (
    <section className="play">
      <p className="quiet">{t(dirty ? 'designer.play.unsaved' : 'designer.play.lead')}</p>
      <ProblemNote problem={play.problem} />
      <div className="actions play-state" role="status">
        <strong className="play-clock">{view ? dateTime(view.now, language) : '…'}</strong>
        {view && (
          <Tag kind={view.failure ? 'bad' : view.ended ? 'good' : 'info'}>
            {t(view.failure ? 'designer.play.stopped' : view.ended ? 'designer.play.ended' : 'designer.play.running')}
          </Tag>
        )}
        {view?.incidents.map((each) => (
          <span key={each.path} className="notice bad">
            {each.path}: {each.message}
          </span>
        ))}
      </div>
      {view?.failure && <p className="notice bad">{view.failure}</p>}
      <div className="play-columns">
        <div>
          <PlayDiagram play={play} path={path} text={text} gate={gate} chosen={chosen} onChoose={setChosen} />
          <PlaySteps play={play} />
          <Variables play={play} chosen={chosen} />
        </div>
        <PlayChoices play={play} />
      </div>
      <PlayScenarios play={play} path={path} gate={gate} onGate={setGate} />
    </section>
  );
}

const NO_FLOWS: string[] = [];
const NO_ELEMENTS: PlayInstance['elements'] = [];

/** The process instance that is looked at: the chosen one while it is there, else the first. */
const lookedAt = (play: Play, chosen: string): PlayInstance | undefined => {
  const instances = play.view?.instances ?? [];
  return instances.find((each) => each.key === chosen) ?? instances[0];
};

interface DiagramProps {
  play: Play;
  path: string;
  text: () => Promise<string>;
  gate: GateAnswer | null;
  chosen: string;
  onChoose: (key: string) => void;
}

function PlayDiagram({ play, path, text, gate, chosen, onChoose }: DiagramProps) {
  const { t } = useLanguage();
  const { view } = play;
  const [own, setOwn] = useState('');
  const [coverage, setCoverage] = useState(false);
  const instances = view?.instances ?? [];
  const instance = lookedAt(play, chosen);
  const file = (instance && view?.models[instance.processId]) ?? path;
  const { data } = useLoad<ModelDetail>(file === path ? null : addressOf(file));
  useEffect(() => {
    void text().then(setOwn);
  }, [text, view]);
  const xml = file === path ? own : (data?.content ?? '');
  const covered = gate && instance ? gate.coverage[instance.processId] : undefined;
  const marks = useMemo(() => {
    const found: Record<string, string> = {};
    if (coverage && covered) covered.missed.forEach((flow) => (found[flow] = 'lt-missed'));
    return found;
  }, [coverage, covered]);
  const flows = coverage && covered ? covered.taken : ((instance && view?.flows[instance.processId]) ?? NO_FLOWS);
  const enter = (elementId: string): void => {
    const called = instances.filter((each) => each.caller === elementId && each.callerInstance === instance?.key);
    const next = called.find((each) => !each.ended) ?? called[0];
    if (next) onChoose(next.key);
  };
  return (
    <>
      <div className="actions">
        <label>
          {t('designer.play.instance')}{' '}
          <select value={instance?.key ?? ''} onChange={(event) => onChoose(event.target.value)}>
            {instances.map((each) => (
              <option key={each.key} value={each.key}>
                {each.path || each.processId} {each.ended ? '✓' : '●'}
              </option>
            ))}
          </select>
        </label>
        {instance?.callerInstance && (
          <button type="button" className="link" onClick={() => onChoose(instance.callerInstance)}>
            {t('designer.play.up')}
          </button>
        )}
        <label>
          <input type="checkbox" checked={coverage} disabled={!gate} onChange={() => setCoverage((old) => !old)} /> {t('designer.play.coverage')}
          {covered && ` ${Math.round(covered.share * 100)} %`}
        </label>
      </div>
      {xml && <Diagram xml={xml} elements={coverage ? NO_ELEMENTS : (instance?.elements ?? NO_ELEMENTS)} flows={flows} marks={marks} onElement={enter} />}
    </>
  );
}

function Variables({ play, chosen }: { play: Play; chosen: string }) {
  const { t } = useLanguage();
  const instance = lookedAt(play, chosen);
  return (
    <details className="play-variables" open>
      <summary>{t('designer.play.variables')}</summary>
      {instance?.variables.map((scope) => (
        <div key={scope.scope} className="scroll">
          {scope.scope && <h3 className="code">{scope.scope}</h3>}
          <table>
            <tbody>
              {Object.entries(scope.values).map(([name, value]) => (
                <tr key={name}>
                  <th scope="row" className="code">
                    {name}
                  </th>
                  <td className="code">{JSON.stringify(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </details>
  );
}
