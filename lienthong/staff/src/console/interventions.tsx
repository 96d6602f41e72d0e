/** What administrators did to running instances, newest first: before, after, ground; and taking it back. */
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { WithGround } from './act';
import type { InterventionItem } from './types';

export function InterventionCard({ row, onDone }: { row: InterventionItem; onDone: () => void }) {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const undo = async (ground: string): Promise<void> => {
    await post(`/console/interventions/${row.id}/undo`, { ground });
    onDone();
  };
  return (
    <article className="card" data-intervention={row.kind}>
      <h3>
        {textOr(t, `intervention.kind.${row.kind}`, row.kind)} {row.undoOf && <Tag kind="info">{t('intervention.isUndo')}</Tag>}
        {row.undoneBy && <Tag kind="warn">{t('intervention.undone')}</Tag>}
        {row.outcome && <Tag kind="">{textOr(t, `intervention.outcome.${row.outcome}`, row.outcome)}</Tag>}
      </h3>
      <p className="quiet">
        {dateTime(row.at, language)} · {row.actor} · <span className="code">{row.dossierCode}</span>{' '}
        {row.instanceKey && <Link href={`/staff/console/instances/${row.instanceKey}`}>{row.instanceKey}</Link>}
      </p>
      {row.ground && <p>{row.ground}</p>}
      <div className="diff">
        <div className="before">
          {t('intervention.before')}
          <pre>{JSON.stringify(row.before, null, 1)}</pre>
        </div>
        <div className="after">
          {t('intervention.after')}
          <pre>{JSON.stringify(row.after, null, 1)}</pre>
        </div>
      </div>
      {row.undoable && isAdministrator(session?.user) && (
        <WithGround label={t('intervention.undo')} ask={t(`intervention.undoAsk.${row.kind}` as 'intervention.undoAsk.variables')} onDo={undo} />
      )}
    </article>
  );
}

export default function Interventions() {
  const { t } = useLanguage();
  const { data, problem, reload } = useLoad<{ interventions: InterventionItem[] }>('/console/interventions');
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <>
      <h1>{t('intervention.title')}</h1>
      <ProblemNote problem={problem} />
      {data.interventions.length === 0 && <p className="empty">{t('intervention.none')}</p>}
      {data.interventions.map((row) => (
        <InterventionCard key={row.id} row={row} onDone={reload} />
      ))}
    </>
  );
}
