/** Scenario files: keep the play as one, open one, run them all, put a new step into those that stop for it. */
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { useT } from '../shared/i18n';
import { ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';
import type { Play } from './play-state';
import { stepWords } from './play-steps';
import type { GateAnswer } from './types';

interface Props {
  play: Play;
  path: string;
  gate: GateAnswer | null;
  onGate: (gate: GateAnswer) => void;
}

const fileNameOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/đ/g, 'd')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);

export function PlayScenarios({ play, gate, onGate }: Props) {
  const t = useT();
  const bundle = play.start?.bundle ?? '';
  const { data, reload } = useLoad<{ scenarios: { path: string; name: string }[] }>(bundle ? `/play/scenarios/${bundle}` : null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      onGate(await post<GateAnswer>('/play/gate', await play.body()));
      setProblem(null);
    } catch (failure) {
      setProblem(asProblem(failure));
    } finally {
      setBusy(false);
    }
  };
  const failures = new Map((gate?.scenarios ?? []).map((each) => [each.path, each]));
  return (
    <section className="panel scenarios" aria-label={t('designer.play.scenarios')}>
      <h2>{t('designer.play.scenarios')}</h2>
      <SavePlay play={play} onSaved={reload} />
      <div className="actions">
        <button type="button" className="button second" disabled={busy || !bundle} onClick={() => void run()}>
          {busy ? t('designer.play.runningAll') : t('designer.play.runAll', { count: data?.scenarios.length ?? 0 })}
        </button>
        {gate && (
          <Tag kind={gate.failed > 0 ? 'bad' : 'good'}>
            {t(gate.failed > 0 ? 'designer.gate.failed' : 'designer.gate.passed', { count: gate.failed > 0 ? gate.failed : gate.scenarios.length })}
          </Tag>
        )}
      </div>
      <ProblemNote problem={problem} />
      {gate && gate.failed > 0 && <Repair play={play} bundle={bundle} onDone={() => void run()} />}
      <ul className="plain">
        {data?.scenarios.map((each) => {
          const verdict = failures.get(each.path);
          return (
            <li key={each.path}>
              {verdict && <Tag kind={verdict.failure ? 'bad' : 'good'}>{t(verdict.failure ? 'designer.gate.fails' : 'designer.gate.passes')}</Tag>}{' '}
              <button type="button" className="link" onClick={() => void play.open(each.path)}>
                {each.name}
              </button>{' '}
              <small className="code">{each.path}</small>
              {verdict?.failure && <small className="failure">{verdict.failure}</small>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function SavePlay({ play, onSaved }: { play: Play; onSaved: () => void }) {
  const t = useT();
  const [title, setTitle] = useState('');
  const [saved, setSaved] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const opened = play.opened;
  const save = async (name: string, words: string, replaces: boolean): Promise<void> => {
    setSaved('');
    try {
      const answer = await post<{ path: string }>('/play/save', { ...(await play.body()), ask: false, title: words, name, replaces });
      setSaved(answer.path);
      setProblem(null);
      onSaved();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save(fileNameOf(title), title.trim(), false);
  };
  return (
    <>
      <form className="actions" onSubmit={submit}>
        <label className="wide">
          {t('designer.play.title')} <input value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={!fileNameOf(title) || play.at === 0}>
          {t('designer.play.save')}
        </button>
        {opened && (
          <button
            type="button"
            className="button second"
            onClick={() => void save(opened.path.split('/').pop()?.replace('.yaml', '') ?? '', opened.title, true)}
          >
            {t('designer.play.replace', { name: opened.path.split('/').pop() ?? '' })}
          </button>
        )}
      </form>
      {saved && (
        <p className="notice good" role="status">
          {t('designer.play.saved', { path: saved })}
        </p>
      )}
      <ProblemNote problem={problem} />
    </>
  );
}

/** The last step played, for every scenario that stops where it is missing. */
function Repair({ play, bundle, onDone }: { play: Play; bundle: string; onDone: () => void }) {
  const t = useT();
  const [left, setLeft] = useState<string[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const step = play.steps[play.at - 1];
  const kind = step ? Object.keys(step)[0] : '';
  if (!step || (kind !== 'task' && kind !== 'job')) return <p className="quiet">{t('designer.repair.how')}</p>;
  const repair = async (): Promise<void> => {
    try {
      const answer = await post<{ healed: string[]; left: string[] }>('/play/repair', { bundle, step, apply: true });
      setLeft(answer.left);
      onDone();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <div className="actions">
      <button type="button" className="button second" onClick={() => void repair()}>
        {t('designer.repair.do', { step: stepWords(step) })}
      </button>
      {left && <span role="status">{t('designer.repair.left', { count: left.length })}</span>}
      <ProblemNote problem={problem} />
    </div>
  );
}
