/** One process instance: where it stands, its variables, its incidents; an administrator may cancel it. */
import { lazy, Suspense, useState } from 'react';
import { type ApiProblem, asProblem, remove } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { Loading, ProblemNote } from '../shared/states';
import type { InstanceDetail, InstanceItem } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { IncidentCard } from './incident-card';
import { InstanceTable, StateTag } from './instance-table';

const Diagram = lazy(() => import('../shared/diagram').then((module) => ({ default: module.Diagram })));

function Cancel({ instance, onDone }: { instance: InstanceItem; onDone: () => void }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const cancel = async (): Promise<void> => {
    try {
      await remove(`/console/instances/${instance.key}`);
      setAsked(false);
    } catch (failure) {
      setProblem(asProblem(failure));
    }
    onDone();
  };
  if (!asked)
    return (
      <button type="button" className="button danger" onClick={() => setAsked(true)}>
        {t('instance.cancel')}
      </button>
    );
  return (
    <div className="notice warn" role="alertdialog" aria-label={t('instance.cancel')}>
      <p>{t('instance.cancelAsk', { code: instance.dossierCode || instance.key })}</p>
      <ProblemNote problem={problem} />
      <button type="button" className="button danger" onClick={() => void cancel()}>
        {t('instance.cancelYes')}
      </button>{' '}
      <button type="button" className="button second" onClick={() => setAsked(false)}>
        {t('instance.cancelNo')}
      </button>
    </div>
  );
}

export default function InstancePage({ instanceKey }: { instanceKey: string }) {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const { data, problem, reload } = useLoad<InstanceDetail>(`/console/instances/${instanceKey}`);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const { instance } = data;
  const mayChange = isAdministrator(session?.user);
  return (
    <>
      <p>
        <Link href={`/staff/console/definitions/${instance.definitionKey}`}>
          ← {instance.processName} · {t('console.version', { version: instance.version })}
        </Link>
        {data.parents.map((parent) => (
          <span key={parent.key}>
            {' · '}
            <Link href={`/staff/console/instances/${parent.key}`}>{t('instance.parent', { name: parent.processName })}</Link>
          </span>
        ))}
      </p>
      <h1>
        {instance.processName} <span className="code">{instance.dossierCode}</span>
      </h1>
      <p>
        <StateTag instance={instance} />{' '}
        <span className="quiet">
          {t('instance.times', {
            key: instance.key,
            from: dateTime(instance.startedAt, language),
            to: dateTime(instance.endedAt, language),
          })}
        </span>
      </p>
      <div className="actions">
        <button type="button" className="button second" onClick={reload}>
          {t('console.refresh')}
        </button>
        {instance.state === 'ACTIVE' && mayChange && !instance.parentKey && <Cancel instance={instance} onDone={reload} />}
      </div>
      {data.incidents.map((incident) => (
        <IncidentCard key={incident.key} incident={incident} onDone={reload} />
      ))}
      <Suspense fallback={<Loading />}>
        <Diagram xml={data.xml} elements={data.elements} flows={data.flows} />
      </Suspense>
      <p className="quiet">{t('diagram.legend')}</p>
      {data.children.length > 0 && (
        <>
          <h2>{t('instance.children')}</h2>
          <InstanceTable instances={data.children} />
        </>
      )}
      <h2>{t('instance.variables')}</h2>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('instance.name')}</th>
              <th scope="col">{t('instance.value')}</th>
            </tr>
          </thead>
          <tbody>
            {data.variables.map((variable) => (
              <tr key={`${variable.scopeKey}/${variable.name}`}>
                <th scope="row" className="code">
                  {variable.name}
                </th>
                <td className="code">{variable.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
