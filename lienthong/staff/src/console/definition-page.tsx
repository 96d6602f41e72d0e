/** One version of a process: tokens or durations on its diagram, what stopped, and its instances by any filter. */
import { lazy, Suspense, useMemo, useState } from 'react';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { DefinitionDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { FindInstances } from './find-instances';
import { IncidentCard } from './incident-card';
import { InstanceTable } from './instance-table';
import { inWords } from './time';
import type { Duration, Incidents } from './types';

const Diagram = lazy(() => import('../shared/diagram').then((module) => ({ default: module.Diagram })));
const LEVELS = 4;

function DurationTable({ rows }: { rows: Duration[] }) {
  const { t } = useLanguage();
  if (rows.length === 0) return <p className="empty">{t('heat.none')}</p>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('heat.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('heat.element')}</th>
            <th scope="col">{t('heat.count')}</th>
            <th scope="col">{t('heat.median')}</th>
            <th scope="col">{t('heat.slowest')}</th>
          </tr>
        </thead>
        <tbody>
          {[...rows]
            .sort((one, other) => other.median - one.median)
            .map((row) => (
              <tr key={row.elementId}>
                <th scope="row" className="code">
                  {row.elementId}
                </th>
                <td className="number">{row.count}</td>
                <td>{inWords(row.median, t)}</td>
                <td>{inWords(row.slowest, t)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

export default function DefinitionPage({ definitionKey }: { definitionKey: string }) {
  const { t } = useLanguage();
  const [heated, setHeated] = useState(false);
  const { data, problem, reload } = useLoad<DefinitionDetail>(`/console/definitions/${definitionKey}`);
  const durations = useLoad<{ elements: Duration[] }>(heated ? `/console/definitions/${definitionKey}/durations` : null).data;
  const stopped = useLoad<Incidents>(`/console/definitions/${definitionKey}/incidents`);
  const heat = useMemo(() => {
    const rows = durations?.elements ?? [];
    const longest = Math.max(1, ...rows.map((each) => Math.log1p(each.median)));
    const level = (each: Duration): number => Math.max(1, Math.ceil((Math.log1p(each.median) / longest) * LEVELS));
    return {
      marks: Object.fromEntries(rows.map((each) => [each.elementId, `heat-${level(each)}`])),
      notes: rows.map((each) => ({ elementId: each.elementId, text: inWords(each.median, t), title: t('heat.median'), kind: 'heat' })),
      elements: [],
    };
  }, [durations, t]);
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
        <button type="button" className="button second" aria-pressed={heated} onClick={() => setHeated(!heated)}>
          {t(heated ? 'heat.tokens' : 'heat.show')}
        </button>
      </div>
      <Suspense fallback={<Loading />}>
        <Diagram xml={data.xml} elements={data.elements} {...(heated ? heat : {})} />
      </Suspense>
      <p className="quiet">{t(heated ? 'heat.legend' : 'diagram.legend')}</p>
      {heated && durations && <DurationTable rows={durations.elements} />}
      {stopped.data && stopped.data.incidents.length > 0 && (
        <>
          <h2>{t('incident.title')}</h2>
          {stopped.data.incidents.map((incident) => (
            <IncidentCard key={incident.key} incident={incident} onDone={stopped.reload} />
          ))}
        </>
      )}
      <h2>{t('console.instances')}</h2>
      <InstanceTable instances={data.instances} />
      <h2>{t('find.inVersion')}</h2>
      <FindInstances fixed={{ definitionKey, processId: '' }} />
    </>
  );
}
