import { useT } from '../shared/i18n';
import { Loading, ProblemNote } from '../shared/states';
import type { IncidentItem } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { IncidentCard } from './incident-card';

/** Everything that stopped and waits for a hand. */
export default function Incidents() {
  const t = useT();
  const { data, problem, reload } = useLoad<{ incidents: IncidentItem[] }>('/console/incidents');
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <>
      <h1>{t('incident.title')}</h1>
      <div className="actions">
        <button type="button" className="button second" onClick={reload}>
          {t('console.refresh')}
        </button>
      </div>
      <ProblemNote problem={problem} />
      {data.incidents.length === 0 && <p className="empty">{t('incident.none')}</p>}
      {data.incidents.map((incident) => (
        <IncidentCard key={incident.key} incident={incident} onDone={reload} />
      ))}
    </>
  );
}
