/** An incident in words; a retry says what became of it, never just "accepted". */
import { useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { ProblemNote, Tag } from '../shared/states';
import type { IncidentItem, RetryAnswer } from '../shared/types';

export function IncidentCard({ incident, onDone }: { incident: IncidentItem; onDone: () => void }) {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [answer, setAnswer] = useState<RetryAnswer | null>(null);
  const retry = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setAnswer(await post<RetryAnswer>(`/console/incidents/${incident.key}/retry`));
    } catch (failure) {
      setProblem(asProblem(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <article className="card incident" data-incident={incident.key}>
      <h3>
        <Tag kind="bad">{textOr(t, `incidentType.${incident.type}`, incident.type)}</Tag> {incident.elementId}
      </h3>
      <p className="message">{incident.message}</p>
      <p className="quiet">
        <Link href={`/staff/console/instances/${incident.processInstanceKey}`}>{incident.processId}</Link> ·{' '}
        <span className="code">{incident.dossierCode || incident.processInstanceKey}</span> · {dateTime(incident.createdAt, language)}
      </p>
      {answer && (
        <div className={`notice ${answer.outcome === 'resolved' ? 'good' : 'warn'}`} role="status">
          {t(`incident.outcome.${answer.outcome}`)} {answer.incident?.message}{' '}
          <button type="button" className="link" onClick={onDone}>
            {t('console.refresh')}
          </button>
        </div>
      )}
      <ProblemNote problem={problem} />
      {isAdministrator(session?.user) && answer?.outcome !== 'resolved' && (
        <button type="button" className="button" disabled={busy} onClick={() => void retry()}>
          {busy ? t('incident.retrying') : t('incident.retry')}
        </button>
      )}
    </article>
  );
}
