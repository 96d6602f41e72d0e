/** Every deployed process with its versions, and how many dossiers run on each. */
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { DefinitionGroup } from '../shared/types';
import { useLoad } from '../shared/use-load';

const REFRESH_MS = 10000;
const KINDS = ['bundle', 'procedure', 'step', 'other'] as const;

function Group({ group }: { group: DefinitionGroup }) {
  const { t } = useLanguage();
  return (
    <tbody>
      {group.versions.map((version, index) => (
        <tr key={version.key}>
          {index === 0 && (
            <th scope="rowgroup" rowSpan={group.versions.length}>
              {group.name}
              <small className="code">{group.processId}</small>
            </th>
          )}
          <td>
            <Link href={`/staff/console/definitions/${version.key}`}>{t('console.version', { version: version.version })}</Link>{' '}
            {version.versionTag && <Tag kind="">{version.versionTag}</Tag>}
          </td>
          <td className="number" data-label={t('console.running')}>
            {version.running}
          </td>
          <td className="number" data-label={t('console.dossiers')}>
            {version.dossiers}
          </td>
          <td className="number" data-label={t('console.incidents')}>{version.incidents > 0 ? <Tag kind="bad">{version.incidents}</Tag> : 0}</td>
        </tr>
      ))}
    </tbody>
  );
}

export default function Definitions() {
  const { t } = useLanguage();
  const { data, problem } = useLoad<{ definitions: DefinitionGroup[] }>('/console/definitions', REFRESH_MS);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <>
      <h1>{t('console.definitions')}</h1>
      <ProblemNote problem={problem} />
      {data.definitions.length === 0 && <p className="empty">{t('console.nothingDeployed')}</p>}
      {KINDS.map((kind) => {
        const groups = data.definitions.filter((group) => group.kind === kind);
        if (groups.length === 0) return null;
        return (
          <section key={kind}>
            <h2>{textOr(t, `console.kind.${kind}`, kind)}</h2>
            <div className="scroll">
              <table className="definitions">
                <thead>
                  <tr>
                    <th scope="col">{t('console.process')}</th>
                    <th scope="col">{t('console.versionHead')}</th>
                    <th scope="col">{t('console.running')}</th>
                    <th scope="col">{t('console.dossiers')}</th>
                    <th scope="col">{t('console.incidents')}</th>
                  </tr>
                </thead>
                {groups.map((group) => (
                  <Group key={group.processId} group={group} />
                ))}
              </table>
            </div>
          </section>
        );
      })}
    </>
  );
}
