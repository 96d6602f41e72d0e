/** Workers seen, what they serve and how fast, job types that nobody serves, and the circuits of outward systems. */
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { inWords } from './time';
import type { WorkersAnswer } from './types';

const REFRESH_MS = 5000;
const OLD_S = 60;
const CIRCUIT_KINDS: Record<string, string> = { closed: 'good', 'half-opened': 'warn', opened: 'bad' };

function JobTypes({ rows }: { rows: WorkersAnswer['jobTypes'] }) {
  const { t } = useLanguage();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('workers.jobTypes')}>
      <table className="jobs-table stack">
        <thead>
          <tr>
            {(['type', 'served', 'waiting', 'oldest', 'perMinute', 'inFlight', 'done', 'failures', 'mean', 'usedBy'] as const).map((name) => (
              <th scope="col" key={name}>
                {t(`workers.head.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.type} data-type={row.type}>
              <th scope="row" className="code">
                {row.type}
              </th>
              <td>
                {row.served === null ? (
                  <Tag kind="warn">{t('workers.unknown')}</Tag>
                ) : row.served ? (
                  <Tag kind="good">{t('workers.servedBy', { count: row.workers })}</Tag>
                ) : (
                  <Tag kind="bad">{t('workers.nobody')}</Tag>
                )}
              </td>
              <td className="number" data-label={t('workers.head.waiting')}>
                {row.waiting}
              </td>
              <td data-label={t('workers.head.oldest')}>
                {row.oldestSeconds !== null && row.oldestSeconds > OLD_S ? (
                  <Tag kind="warn">{inWords(row.oldestSeconds, t)}</Tag>
                ) : (
                  inWords(row.oldestSeconds, t)
                )}
              </td>
              <td className="number" data-label={t('workers.head.perMinute')}>
                {row.perMinute ?? '–'}
              </td>
              <td className="number" data-label={t('workers.head.inFlight')}>
                {row.inFlight}
              </td>
              <td className="number" data-label={t('workers.head.done')}>
                {row.completed}
              </td>
              <td className="wide" data-label={t('workers.head.failures')}>
                {t('workers.failures', { retried: row.failed, incidents: row.incident, now: row.failing })}
              </td>
              <td data-label={t('workers.head.mean')}>{inWords(row.meanSeconds, t)}</td>
              <td className="wide" data-label={t('workers.head.usedBy')}>
                {row.elements.length === 0 ? (
                  '–'
                ) : (
                  <details>
                    <summary>{t('workers.processes', { count: row.elements.length })}</summary>
                    <span className="code">{row.elements.join(', ')}</span>
                  </details>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Connectors({ rows }: { rows: WorkersAnswer['connectors'] }) {
  const { t, language } = useLanguage();
  if (rows.length === 0) return <p className="empty">{t('connectors.none')}</p>;
  return (
    <>
      {rows.map((row) => (
        <article className="card" key={`${row.worker}/${row.system}`} data-system={row.system}>
          <h3>
            {textOr(t, `connectors.system.${row.system}`, row.system)}{' '}
            <Tag kind={CIRCUIT_KINDS[row.state] ?? ''}>{textOr(t, `connectors.state.${row.state}`, row.state)}</Tag>
          </h3>
          <p className="quiet">
            {t('connectors.calls', {
              answered: row.calls['answered'] ?? 0,
              refused: row.calls['refused'] ?? 0,
              failed: row.calls['failed'] ?? 0,
              held: row.calls['not_called'] ?? 0,
            })}{' '}
            <span className="code">{row.worker}</span>
          </p>
          <p>
            {row.lastError ? t('connectors.lastError', { at: dateTime(row.lastErrorAt, language), text: row.lastError }) : t('connectors.noError')}
          </p>
        </article>
      ))}
    </>
  );
}

export default function Workers() {
  const { t, language } = useLanguage();
  const { data, problem } = useLoad<WorkersAnswer>('/operations/workers', REFRESH_MS);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const unserved = data.jobTypes.filter((row) => row.served === false && row.elements.length > 0);
  return (
    <>
      <h1>{t('workers.title')}</h1>
      <ProblemNote problem={problem} />
      {unserved.length > 0 && (
        <p className="notice bad" role="alert">
          {t('workers.unserved', { types: unserved.map((row) => row.type).join(', ') })}
        </p>
      )}
      <ul className="plain">
        {data.workers.map((worker) => (
          <li key={worker.address}>
            <Tag kind={worker.status === 'UP' ? 'good' : 'bad'}>{t(worker.answers ? `workers.status.${worker.status === 'UP' ? 'up' : 'stale'}` : 'workers.status.silent')}</Tag>{' '}
            <span className="code">{worker.address}</span>{' '}
            {worker.answers && (
              <span className="quiet">
                {t('workers.about', { host: worker.host ?? '', pid: worker.pid ?? 0, since: dateTime(worker.startedAt, language), restarts: worker.restarts ?? 0 })}
              </span>
            )}
          </li>
        ))}
      </ul>
      <h2>{t('workers.jobTypes')}</h2>
      <JobTypes rows={data.jobTypes} />
      <h2>{t('connectors.title')}</h2>
      <Connectors rows={data.connectors} />
    </>
  );
}
