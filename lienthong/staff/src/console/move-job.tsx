/** One batch: how far it is, what became of each item, and what may be done with it. */
import { useEffect, useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { MoveJob, MoveOutcome } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { useAct } from '../shared/use-act';

const POLL_MS = 1000;
const OUTCOMES: MoveOutcome[] = [
  'waiting',
  'moved',
  'undone',
  'refused',
  'kept',
  'ended',
  'unavailable',
  'unavailable-back',
  'canceled',
  'retried',
  'again',
];

function Steering({ job, onDone }: { job: MoveJob; onDone: () => void }) {
  const { t } = useLanguage();
  const { busy, problem, act } = useAct();
  const steer = (what: string): Promise<boolean> =>
    act(async () => {
      await post(`/redeploy/jobs/${job.id}/${what}`);
      onDone();
    });
  const mayUndo = job.kind === 'move' && job.wish === 'run' && (job.counts.moved ?? 0) > 0;
  const button = (what: 'pause' | 'resume' | 'withdraw' | 'undo') => (
    <button key={what} type="button" className="button second" disabled={busy} onClick={() => void steer(what)}>
      {t(`move.${what}`)}
    </button>
  );
  return (
    <>
      <ProblemNote problem={problem} />
      <div className="actions">
        {job.state === 'running' && button('pause')}
        {job.state === 'paused' && button('resume')}
        {job.state === 'scheduled' && [button('resume'), button('withdraw')]}
        {mayUndo && button('undo')}
        <a href={`/api/redeploy/jobs/${job.id}/report.csv`}>{t('move.report')}</a>
      </div>
    </>
  );
}

export function MoveJobCard({ id, onChange }: { id: string; onChange: () => void }) {
  const { t, language } = useLanguage();
  const [fast, setFast] = useState(true);
  const { data, problem, reload } = useLoad<MoveJob>(`/redeploy/jobs/${id}`, fast ? POLL_MS : 0);
  const state = data?.state;
  const wish = data?.wish; // an undo may be over before a poll has seen it run
  useEffect(() => {
    if (!state) return;
    setFast(state === 'running' || state === 'scheduled');
    if (state !== 'running') onChange();
  }, [state, wish, onChange]);
  if (!data) return <ProblemNote problem={problem} />;
  const done = data.total - data.left;
  const steered = (): void => {
    setFast(true);
    reload();
  };
  return (
    <section className="panel move-job" data-state={data.state} data-wish={data.wish} data-kind={data.kind}>
      <p role="status">
        {data.kind === 'move' ? t(`move.${data.wish === 'undo' ? 'undo' : 'run'}`) : t(`batches.kind.${data.kind}`)} {t(`move.state.${data.state}`)} ·{' '}
        {done}/{data.total}{' '}
        {OUTCOMES.filter((outcome) => data.counts[outcome])
          .map((outcome) => `${t(`move.outcome.${outcome}`)}: ${data.counts[outcome]}`)
          .join(' · ')}
      </p>
      <p className="quiet">
        {dateTime(data.at, language)} · {data.by} {data.startAt && `· ${t('batches.startsAt', { at: dateTime(data.startAt, language) })}`}
      </p>
      <progress max={data.total} value={done} aria-label={t('move.progress')} />
      <ProblemNote problem={problem} />
      <Steering job={data} onDone={steered} />
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
