import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Tag } from '../shared/states';
import type { InstanceItem } from '../shared/types';

const STATE_KINDS: Record<string, string> = { ACTIVE: 'info', COMPLETED: 'good', TERMINATED: 'warn', CANCELED: 'warn' };

export function StateTag({ instance }: { instance: InstanceItem }) {
  const { t } = useLanguage();
  return (
    <>
      <Tag kind={STATE_KINDS[instance.state] ?? ''}>{textOr(t, `instance.${instance.state}`, instance.state)}</Tag>
      {instance.hasIncident && <Tag kind="bad">{t('console.incident')}</Tag>}
    </>
  );
}

export function InstanceTable({ instances }: { instances: InstanceItem[] }) {
  const { t, language } = useLanguage();
  if (instances.length === 0) return <p className="empty">{t('console.noInstances')}</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('console.instance')}</th>
            <th scope="col">{t('console.dossier')}</th>
            <th scope="col">{t('console.state')}</th>
            <th scope="col">{t('console.started')}</th>
          </tr>
        </thead>
        <tbody>
          {instances.map((each) => (
            <tr key={each.key}>
              <td>
                <Link href={`/staff/console/instances/${each.key}`} className="code">
                  {each.key}
                </Link>
                <small>{each.processName}</small>
              </td>
              <td className="code">{each.dossierCode || '–'}</td>
              <td>
                <StateTag instance={each} />
              </td>
              <td>{dateTime(each.startedAt, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
