import { lazy, Suspense } from 'react';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { DefinitionDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { InstanceTable } from './instance-table';

const Diagram = lazy(() => import('../shared/diagram').then((module) => ({ default: module.Diagram })));

/** One version of a process: its diagram with token counts, and its instances. */
export default function DefinitionPage({ definitionKey }: { definitionKey: string }) {
  const { t } = useLanguage();
  const { data, problem, reload } = useLoad<DefinitionDetail>(`/console/definitions/${definitionKey}`);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <>
      <p>
        <Link href="/staff/console">← {t('console.definitions')}</Link>
      </p>
      <h1>
        {data.name} · {t('console.version', { version: data.version })} {data.versionTag && <Tag kind="">{data.versionTag}</Tag>}
      </h1>
      <p className="quiet code">{data.processId}</p>
      <div className="actions">
        <button type="button" className="button second" onClick={reload}>
          {t('console.refresh')}
        </button>
      </div>
      <Suspense fallback={<Loading />}>
        <Diagram xml={data.xml} elements={data.elements} />
      </Suspense>
      <p className="quiet">{t('diagram.legend')}</p>
      <h2>{t('console.instances')}</h2>
      <InstanceTable instances={data.instances} />
    </>
  );
}
