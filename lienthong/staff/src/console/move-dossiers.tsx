/** After a deployment: choose groups, try one dossier, move them, watch, pause, undo, take the report. */
import { useCallback, useEffect, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { ProblemNote } from '../shared/states';
import type { ImpactReport, MoveJob } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { MoveJobCard } from './move-job';
import { isoOf } from './time';
import { ImpactView, type Mappings } from './impact-report';

const JOBS_SHOWN = 5;

interface DryRun {
  instances: number;
  dossiers: string[];
  seconds: number;
  twoPersons: boolean;
}

/** What the batch would do, and when; only then it is started. */
function BeforeMove({ dry, onGo, onLeave }: { dry: DryRun; onGo: (startAt: string | null) => void; onLeave: () => void }) {
  const { t } = useLanguage();
  const [startAt, setStartAt] = useState('');
  return (
    <section className="notice warn act" aria-label={t('move.dryTitle')}>
      <p role="status">{t('move.dry', { count: dry.instances, seconds: dry.seconds })}</p>
      <p className="code">{dry.dossiers.join(', ')}</p>
      {dry.twoPersons && <p>{t('move.twoPersons')}</p>}
      <label>
        {t('batches.startAt')}
        <input type="datetime-local" value={startAt} onChange={(event) => setStartAt(event.target.value)} />
      </label>
      <div className="actions">
        <button type="button" className="button" onClick={() => onGo(isoOf(startAt))}>
          {t(dry.twoPersons ? 'move.ask' : 'move.really', { count: dry.instances })}
        </button>
        <button type="button" className="button second" onClick={onLeave}>
          {t('act.leave')}
        </button>
      </div>
    </section>
  );
}

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

export function MoveDossiers({ paths }: { paths: string[] }) {
  const { t } = useLanguage();
  const [turn, setTurn] = useState(0);
  const { reports, mapping, problem, map } = useImpact(paths, 'deployed', turn);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [jobs, setJobs] = useState<string[]>([]);
  const earlier = useLoad<{ jobs: MoveJob[] }>('/redeploy/jobs').data?.jobs ?? [];
  const shown = [...new Set([...jobs, ...earlier.map((job) => job.id)])].slice(0, JOBS_SHOWN);
  const [dry, setDry] = useState<(DryRun & { trial: boolean }) | null>(null);
  const [asked, setAsked] = useState(false);
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
  const orderOf = (trial: boolean) => ({
    trial,
    moves: (reports ?? [])
      .map((report) => ({
        processId: report.processId,
        source: report.definitionKey,
        mapping: mapping[report.processId] ?? {},
        groups: report.groups.filter((group) => chosen.has(`${report.definitionKey}/${group.id}`)).map((group) => group.id),
      }))
      .filter((each) => each.groups.length > 0),
  });
  const look = async (trial: boolean): Promise<void> => {
    setFailure(null);
    setAsked(false);
    try {
      setDry({ ...(await post<DryRun>('/redeploy/jobs', { ...orderOf(trial), dryRun: true })), trial });
    } catch (caught) {
      setFailure(asProblem(caught));
    }
  };
  const move = async (trial: boolean, startAt: string | null): Promise<void> => {
    setFailure(null);
    setDry(null);
    try {
      const made = await post<MoveJob | { order: object }>('/redeploy/jobs', { ...orderOf(trial), startAt });
      if ('order' in made) setAsked(true);
      else setJobs((old) => [made.id, ...old]);
    } catch (caught) {
      setFailure(asProblem(caught));
    }
  };
  return (
    <section className="move">
      <h2>{t('move.title')}</h2>
      <ProblemNote problem={problem ?? failure} />
      {shown.map((id) => (
        <MoveJobCard key={id} id={id} onChange={again} />
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
          <button type="button" className="button second" disabled={chosen.size === 0} onClick={() => void look(true)}>
            {t('move.trial')}
          </button>
          <button type="button" className="button" disabled={chosen.size === 0} onClick={() => void look(false)}>
            {t('move.go')}
          </button>
        </div>
      )}
      {dry && <BeforeMove dry={dry} onGo={(startAt) => void move(dry.trial, startAt)} onLeave={() => setDry(null)} />}
      {asked && (
        <p className="notice good" role="status">
          {t('move.asked')} <Link href="/staff/console/batches">{t('ways.batches')}</Link>
        </p>
      )}
    </section>
  );
}
