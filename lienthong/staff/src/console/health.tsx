/** Whether everything is well: processes, queues and how old they are, versions. */
import { textOr, useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { inWords } from './time';
import type { HealthAnswer } from './types';

const REFRESH_MS = 5000;

export default function Health() {
  const { t } = useLanguage();
  const { data, problem } = useLoad<HealthAnswer>('/operations/health', REFRESH_MS);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const ill = data.processes.filter((each) => !each.well).length + data.queues.filter((each) => !each.well).length;
  return (
    <>
      <h1>{t('health.title')}</h1>
      <ProblemNote problem={problem} />
      <p className={`notice ${ill ? 'bad' : 'good'}`} role="status">
        {ill ? t('health.ill', { count: ill }) : t('health.well')}
      </p>
      <h2>{t('health.processes')}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('health.processes')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('health.process')}</th>
              <th scope="col">{t('console.state')}</th>
              <th scope="col">{t('health.answers')}</th>
              <th scope="col">{t('health.address')}</th>
            </tr>
          </thead>
          <tbody>
            {data.processes.map((each) => (
              <tr key={each.name} data-process={each.name}>
                <th scope="row">{textOr(t, `health.name.${each.name}`, each.name)}</th>
                <td>
                  <Tag kind={each.well ? 'good' : 'bad'}>{t(each.well ? 'health.isWell' : 'health.isIll')}</Tag>
                </td>
                <td>{each.milliseconds === null ? '–' : t('health.milliseconds', { count: each.milliseconds })}</td>
                <td className="code">
                  {each.address} {each.says}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{t('health.queues')}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('health.queues')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('health.queue')}</th>
              <th scope="col">{t('health.waiting')}</th>
              <th scope="col">{t('health.oldest')}</th>
              <th scope="col">{t('console.state')}</th>
            </tr>
          </thead>
          <tbody>
            {data.queues.map((each) => (
              <tr key={each.name} data-queue={each.name}>
                <th scope="row">{textOr(t, `health.queueName.${each.name}`, each.name)}</th>
                <td className="number">{each.waiting ?? '–'}</td>
                <td>{inWords(each.oldestSeconds, t)}</td>
                <td>
                  <Tag kind={each.well ? 'good' : 'warn'}>{t(each.well ? 'health.isWell' : 'health.look')}</Tag>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{t('health.versions')}</h2>
      <dl className="facts">
        {(['lienthong', 'engine', 'database'] as const).map((name) => (
          <div key={name}>
            <dt>{t(`health.version.${name}`)}</dt>
            <dd className="code">{data.versions[name] || '–'}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
