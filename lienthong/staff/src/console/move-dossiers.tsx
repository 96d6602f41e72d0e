/** After a deployment: choose groups, try one dossier, move them, watch, pause, undo, take the report. */
import { useCallback, useEffect, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { ImpactReport, MoveJob, MoveOutcome } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { ImpactView, type Mappings } from './impact-report';

const POLL_MS = 1000;
const JOBS_SHOWN = 5;
const OUTCOMES: MoveOutcome[] = ['waiting', 'moved', 'undone', 'refused', 'kept', 'ended', 'unavailable', 'unavailable-back'];

export function useImpact(paths: string[], against: 'working' | 'deployed', turn: number) {
  const [reports, setReports] = useState<ImpactReport[] | null>(null);
  const [mapping, setMapping] = useState<Mappings>({});
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const chosen = paths.join('\n');
  useEffect(() => {
    let late = false;
    post<{ reports: ImpactReport[] }>('/redeploy/impact', { paths: chosen.split('\n'), against, mapping })
      .then((answer) => {
        if (late) return;
        setReports(answer.reports);
        setProblem(null);
      })
      .catch((failure: unknown) => !late && setProblem(asProblem(failure)));
    return () => {
      late = true;
    };
  }, [chosen, against, mapping, turn]);
  const map = useCallback(
    (process: string, source: string, target: string): void =>
      setMapping((old) => ({ ...old, [process]: { ...old[process], [source]: target } })),
    [],
  );
  return { reports, mapping, problem, map };
}

function Job({ id, onChange }: { id: string; onChange: () => void }) {
  const { t } = useLanguage();
  const [fast, setFast] = useState(true);
  const { data, problem, reload } = useLoad<MoveJob>(`/redeploy/jobs/${id}`, fast ? POLL_MS : 0);
  const state = data?.state;
  useEffect(() => {
    if (!state) return;
    setFast(state === 'running');
    if (state !== 'running') onChange();
  }, [state, onChange]);
  const steer = async (act: string): Promise<void> => {
    await post(`/redeploy/jobs/${id}/${act}`);
    setFast(true);
    reload();
  };
  if (!data) return <ProblemNote problem={problem} />;
  const done = data.total - data.left;
  return (
    <section className="panel move-job" data-state={data.state} data-wish={data.wish}>
      <p role="status">
        {t(`move.${data.wish}`)} {t(`move.state.${data.state}`)} · {done}/{data.total}{' '}
        {OUTCOMES.filter((outcome) => data.counts[outcome])
          .map((outcome) => `${t(`move.outcome.${outcome}`)}: ${data.counts[outcome]}`)
          .join(' · ')}
      </p>
      <progress max={data.total} value={done} aria-label={t('move.progress')} />
      <ProblemNote problem={problem} />
      <div className="actions">
        {data.state === 'running' && (
          <button type="button" className="button second" onClick={() => void steer('pause')}>
            {t('move.pause')}
          </button>
        )}
        {data.state === 'paused' && (
          <button type="button" className="button second" onClick={() => void steer('resume')}>
            {t('move.resume')}
          </button>
        )}
        {data.wish === 'run' && (data.counts.moved ?? 0) > 0 && (
          <button type="button" className="button second" onClick={() => void steer('undo')}>
            {t('move.undo')}
          </button>
        )}
        <a href={`/api/redeploy/jobs/${id}/report.csv`}>{t('move.report')}</a>
      </div>
      <details>
        <summary>{t('move.items')}</summary>
        <ul>
          {data.items.map((item) => (
            <li key={item.key}>
              <span className="code">{item.dossierCode || item.key}</span> {t(`move.outcome.${item.outcome}`)} {item.detail}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

export function MoveDossiers({ paths }: { paths: string[] }) {
  const { t } = useLanguage();
  const [turn, setTurn] = useState(0);
  const { reports, mapping, problem, map } = useImpact(paths, 'deployed', turn);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [jobs, setJobs] = useState<string[]>([]);
  const earlier = useLoad<{ jobs: MoveJob[] }>('/redeploy/jobs').data?.jobs ?? [];
  const shown = [...new Set([...jobs, ...earlier.map((job) => job.id)])].slice(0, JOBS_SHOWN);
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const again = useCallback(() => setTurn((old) => old + 1), []);
  const choose = (keys: string[], on: boolean): void =>
    setChosen((old) => {
      const next = new Set(old);
      for (const key of keys) {
        if (on) next.add(key);
        else next.delete(key);
      }
      return next;
    });
  const keysOf = (report: ImpactReport, onlySafe: boolean): string[] =>
    report.groups
      .filter((group) => group.movable && (!onlySafe || group.verdict === 'itself'))
      .map((group) => `${report.definitionKey}/${group.id}`);
  const move = async (trial: boolean): Promise<void> => {
    const moves = (reports ?? []).map((report) => ({
      processId: report.processId,
      source: report.definitionKey,
      mapping: mapping[report.processId] ?? {},
      groups: report.groups.filter((group) => chosen.has(`${report.definitionKey}/${group.id}`)).map((group) => group.id),
    }));
    setFailure(null);
    try {
      const job = await post<MoveJob>('/redeploy/jobs', { trial, moves: moves.filter((each) => each.groups.length > 0) });
      setJobs((old) => [job.id, ...old]);
    } catch (caught) {
      setFailure(asProblem(caught));
    }
  };
  return (
    <section className="move">
      <h2>{t('move.title')}</h2>
      <ProblemNote problem={problem ?? failure} />
      {shown.map((id) => (
        <Job key={id} id={id} onChange={again} />
      ))}
      {reports?.length === 0 && <p className="empty">{t('move.nobody')}</p>}
      {reports?.map((report) => (
        <ImpactView
          key={report.definitionKey}
          report={report}
          onMap={(source, target) => map(report.processId, source, target)}
          chosen={new Set([...chosen].filter((key) => key.startsWith(report.definitionKey)).map((key) => key.split('/')[1] ?? ''))}
          onToggle={(group) => choose([`${report.definitionKey}/${group}`], !chosen.has(`${report.definitionKey}/${group}`))}
        />
      ))}
      {reports && reports.length > 0 && (
        <div className="actions">
          <button type="button" className="link" onClick={() => choose(reports.flatMap((each) => keysOf(each, true)), true)}>
            {t('move.chooseSafe')}
          </button>
          <button type="button" className="link" onClick={() => setChosen(new Set())}>
            {t('move.leave')}
          </button>
          <button type="button" className="button second" disabled={chosen.size === 0} onClick={() => void move(true)}>
            {t('move.trial')}
          </button>
          <button type="button" className="button" disabled={chosen.size === 0} onClick={() => void move(false)}>
            {t('move.go')}
          </button>
        </div>
      )}
    </section>
  );
}
