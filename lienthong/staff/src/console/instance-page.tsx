/** One process instance: where it stands and why, its whole life, and what an administrator may do with it. */
import { lazy, Suspense, useMemo, useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { Loading, ProblemNote } from '../shared/states';
import type { InstanceDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { WithGround } from './act';
import { DeadlinesTab } from './deadlines-tab';
import { IncidentCard } from './incident-card';
import { InstanceTable, StateTag } from './instance-table';
import { InterventionCard } from './interventions';
import { HistoryTab, JobsTab, MessagesTab, TimersTab } from './life-tabs';
import { type Marks, Modification, NO_MARKS, paintOf } from './modification';
import type { Life } from './types';
import { VariablesTab } from './variables-tab';
import { Why } from './why';

const Diagram = lazy(() => import('../shared/diagram').then((module) => ({ default: module.Diagram })));
const TABS = ['variables', 'history', 'jobs', 'timers', 'messages', 'deadlines', 'children', 'interventions'] as const;
type Tab = (typeof TABS)[number];

interface TabsProps {
  tab: Tab;
  counts: Partial<Record<Tab, number>>;
  onChoose: (tab: Tab) => void;
}

function Tabs({ tab, counts, onChoose }: TabsProps) {
  const { t } = useLanguage();
  const step = (by: number): void => {
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? 'variables';
    onChoose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label={t('life.tabs')}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') step(1);
        if (event.key === 'ArrowLeft') step(-1);
      }}
    >
      {TABS.map((each) => (
        <button
          key={each}
          id={`tab-${each}`}
          type="button"
          role="tab"
          aria-selected={tab === each}
          aria-controls="tab-panel"
          tabIndex={tab === each ? 0 : -1}
          onClick={() => onChoose(each)}
        >
          {t(`life.tab.${each}`)} {counts[each] !== undefined && `(${counts[each]})`}
        </button>
      ))}
    </div>
  );
}

interface PanelProps {
  tab: Tab;
  detail: InstanceDetail;
  life: Life;
  mayChange: boolean;
  onDone: () => void;
}

function Panel({ tab, detail, life, mayChange, onDone }: PanelProps) {
  const { t } = useLanguage();
  const { key, dossierCode } = detail.instance;
  if (tab === 'variables') return <VariablesTab instanceKey={key} rows={life.variables} mayChange={mayChange} onDone={onDone} />;
  if (tab === 'history') return <HistoryTab rows={life.history} />;
  if (tab === 'jobs') return <JobsTab rows={life.jobs} />;
  if (tab === 'timers') return <TimersTab rows={life.timers} />;
  if (tab === 'messages') return <MessagesTab rows={life.messages} />;
  if (tab === 'children') return <InstanceTable instances={detail.children} />;
  if (tab === 'deadlines')
    return dossierCode ? <DeadlinesTab code={dossierCode} mayChange={mayChange} onDone={onDone} /> : <p className="empty">{t('deadline.noDossier')}</p>;
  if (life.interventions.length === 0) return <p className="empty">{t('intervention.none')}</p>;
  return (
    <>
      {life.interventions.map((row) => (
        <InterventionCard key={row.id} row={row} onDone={onDone} />
      ))}
    </>
  );
}

export default function InstancePage({ instanceKey }: { instanceKey: string }) {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const { data, problem, reload } = useLoad<InstanceDetail>(`/console/instances/${instanceKey}`);
  const lived = useLoad<Life>(`/console/instances/${instanceKey}/life`);
  const [tab, setTab] = useState<Tab>('variables');
  const [marks, setMarks] = useState<Marks>(NO_MARKS);
  const painted = useMemo(() => paintOf(marks), [marks]);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const { instance } = data;
  const life = lived.data;
  const mayChange = isAdministrator(session?.user) && instance.state === 'ACTIVE';
  const again = (): void => {
    reload();
    lived.reload();
  };
  const cancel = async (ground: string): Promise<void> => {
    await post(`/console/instances/${instanceKey}/cancellation`, { ground });
    again();
  };
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
          {t('instance.times', { key: instance.key, from: dateTime(instance.startedAt, language), to: dateTime(instance.endedAt, language) })}
        </span>
      </p>
      <ProblemNote problem={lived.problem} />
      {life && instance.state === 'ACTIVE' && <Why waits={life.why} own={instanceKey} />}
      {data.incidents.map((incident) => (
        <IncidentCard key={incident.key} incident={incident} onDone={again} />
      ))}
      <div className="actions">
        <button type="button" className="button second" onClick={again}>
          {t('console.refresh')}
        </button>
        {mayChange && !instance.parentKey && (
          <WithGround
            label={t('instance.cancel')}
            ask={t('instance.cancelAsk', { code: instance.dossierCode || instance.key })}
            danger
            onDo={cancel}
          />
        )}
      </div>
      <Suspense fallback={<Loading />}>
        <Diagram xml={data.xml} elements={data.elements} flows={data.flows} marks={painted} />
      </Suspense>
      <p className="quiet">{t('diagram.legend')}</p>
      {mayChange && life && <Modification instanceKey={instanceKey} xml={data.xml} open={life.open} marks={marks} onMark={setMarks} onDone={again} />}
      {life && (
        <>
          <Tabs
            tab={tab}
            counts={{
              variables: life.variables.length,
              history: life.history.length,
              jobs: life.jobs.length,
              timers: life.timers.length,
              messages: life.messages.length,
              children: data.children.length,
              interventions: life.interventions.length,
            }}
            onChoose={setTab}
          />
          <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            <Panel tab={tab} detail={data} life={life} mayChange={mayChange} onDone={again} />
          </div>
        </>
      )}
    </>
  );
}
