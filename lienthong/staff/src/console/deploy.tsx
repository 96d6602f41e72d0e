/** Deployment in two steps: first what would change and how many dossiers run on it, then the deed. */
import { useEffect, useState } from 'react';
import { type ApiProblem, asProblem, download, post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { ProblemNote, Tag } from '../shared/states';
import type { DeployChange, DeployedItem, ModelProblem } from '../shared/types';
import { WithGround } from './act';
import { ImpactView } from './impact-report';
import { MoveDossiers, useImpact } from './move-dossiers';
import { ScenarioGate } from './scenario-gate';

interface Props {
  paths: string[];
  suggested: string[];
  onChoose: (paths: string[]) => void;
  onDone: () => void;
}
interface Preview {
  changes: DeployChange[];
  problems: (ModelProblem & { path: string })[];
}

function ChangeRow({ change }: { change: DeployChange }) {
  const { t } = useLanguage();
  const lists: [string, string[]][] = [
    [t('deploy.added'), change.added],
    [t('deploy.removed'), change.removed],
    [t('deploy.changed'), change.changed],
  ];
  return (
    <li>
      <strong>{change.processId || change.path}</strong>{' '}
      <Tag kind={change.state === 'same' ? 'good' : 'warn'}>{t(`models.state.${change.state}`)}</Tag>{' '}
      <span className="quiet">
        {change.deployedVersion !== null &&
          t('deploy.runs', { version: change.deployedVersion, count: change.running })}
      </span>
      {lists
        .filter(([, ids]) => ids.length > 0)
        .map(([label, ids]) => (
          <div key={label} className="quiet">
            {label}: <span className="code">{ids.join(', ')}</span>
          </div>
        ))}
    </li>
  );
}

/** Before the deployment: what it would mean for what runs. */
function Impact({ paths }: { paths: string[] }) {
  const { t } = useLanguage();
  const { reports, problem, map } = useImpact(paths, 'working', 0);
  return (
    <>
      <ProblemNote problem={problem} />
      {reports?.length === 0 && <p className="quiet">{t('move.nobody')}</p>}
      {reports && reports.length > 0 && (
        <button type="button" className="link" onClick={() => void download('/redeploy/impact.csv', { paths, against: 'working' }, 'impact.csv')}>
          {t('impact.file')}
        </button>
      )}
      {reports?.map((report) => (
        <ImpactView
          key={report.definitionKey}
          report={report}
          onMap={(source, target) => map(report.processId, source, target)}
        />
      ))}
    </>
  );
}

export function Deploy({ paths, suggested, onChoose, onDone }: Props) {
  const { t } = useLanguage();
  const [preview, setPreview] = useState<Preview | null>(null);
  const [deployed, setDeployed] = useState<DeployedItem[] | null>(null);
  const [moving, setMoving] = useState<string[]>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [failing, setFailing] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const chosen = paths.join('\n');
  useEffect(() => setPreview(null), [chosen]);
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (failure) {
      setProblem(asProblem(failure));
    } finally {
      setBusy(false);
    }
  };
  const look = (): Promise<void> =>
    run(async () => {
      setDeployed(null);
      setPreview(await post<Preview>('/models/deployment/preview', { paths }));
    });
  const deploy = async (ground: string): Promise<void> => {
    setDeployed((await post<{ deployed: DeployedItem[] }>('/models/deployment', { paths, ground })).deployed);
    setPreview(null);
    setMoving(paths);
    onChoose([]);
    onDone();
  };
  return (
    <section className="panel deploy">
      <div className="actions">
        <span>{t('deploy.chosen', { count: paths.length })}</span>
        {suggested.length > 0 && (
          <button type="button" className="link" onClick={() => onChoose(suggested)}>
            {t('deploy.chooseChanged', { count: suggested.length })}
          </button>
        )}
        <button type="button" className="button second" disabled={busy || paths.length === 0} onClick={() => void look()}>
          {t('deploy.preview')}
        </button>
        <button
          type="button"
          className="button second"
          disabled={busy || paths.length === 0}
          onClick={() => {
            setPreview(null);
            setMoving(paths);
          }}
        >
          {t('move.open')}
        </button>
      </div>
      <ProblemNote problem={problem} />
      {deployed && (
        <p className="notice good" role="status">
          {t('deploy.done', { list: deployed.map((each) => `${each.processId} v${each.version}`).join(', ') })}
        </p>
      )}
      {preview && (
        <>
          <ul className="plain">
            {preview.changes.map((change) => (
              <ChangeRow key={`${change.path}/${change.processId}`} change={change} />
            ))}
          </ul>
          {preview.problems.map((each, index) => (
            <p className="notice bad" key={index}>
              <span className="code">
                {each.path} {each.elementId}
              </span>{' '}
              {each.message}
            </p>
          ))}
          {preview.problems.length === 0 && (
            <>
              <ScenarioGate paths={paths} onResult={setFailing} />
              <Impact paths={paths} />
            </>
          )}
          <p className="quiet">{t('deploy.note')}</p>
          {failing ? (
            <WithGround label={t('deploy.anyway')} ask={t('deploy.anywayAsk', { count: failing })} danger onDo={deploy} />
          ) : (
            <button
              type="button"
              className="button"
              disabled={busy || failing === null || preview.problems.length > 0}
              onClick={() => void run(() => deploy(''))}
            >
              {t('deploy.go')}
            </button>
          )}
        </>
      )}
      {!preview && moving.length > 0 && <MoveDossiers key={moving.join()} paths={moving} />}
    </section>
  );
}
