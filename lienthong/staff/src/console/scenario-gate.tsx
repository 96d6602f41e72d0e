/** The scenarios of every bundle that a deployment reaches, run on what would then be deployed: they gate it. */
import { useEffect, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { useT } from '../shared/i18n';
import { ProblemNote } from '../shared/states';

interface Scenario {
  path: string;
  name: string;
  failure: string;
  log: string[];
}
interface Bundle {
  bundle: string;
  scenarios: Scenario[];
  failed: number;
}

/** `onResult` hears how many fail; null while it is not known. */
export function ScenarioGate({ paths, onResult }: { paths: string[]; onResult: (failed: number | null) => void }) {
  const t = useT();
  const [bundles, setBundles] = useState<Bundle[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const chosen = paths.join('\n');
  useEffect(() => {
    let late = false;
    setBundles(null);
    onResult(null);
    post<{ bundles: Bundle[] }>('/models/deployment/gate', { paths: chosen.split('\n') })
      .then((answer) => {
        if (late) return;
        setBundles(answer.bundles);
        onResult(answer.bundles.reduce((sum, each) => sum + each.failed, 0));
      })
      .catch((failure: unknown) => !late && setProblem(asProblem(failure)));
    return () => {
      late = true;
    };
  }, [chosen, onResult]);
  return (
    <section className="gate" aria-label={t('gate.title')}>
      <h3>{t('gate.title')}</h3>
      <ProblemNote problem={problem} />
      {!bundles && !problem && <p role="status">{t('gate.running')}</p>}
      {bundles?.length === 0 && <p className="quiet">{t('gate.none')}</p>}
      {bundles?.map((each) => (
        <div key={each.bundle} className={`notice ${each.failed ? 'bad' : 'good'}`} data-gate={each.failed ? 'failed' : 'passed'}>
          {each.failed
            ? t('gate.failed', { bundle: each.bundle, failed: each.failed, count: each.scenarios.length })
            : t('gate.passed', { bundle: each.bundle, count: each.scenarios.length })}
          {each.failed > 0 && (
            <ul>
              {each.scenarios
                .filter((scenario) => scenario.failure)
                .map((scenario) => (
                  <li key={scenario.path}>
                    {scenario.name} <span className="code">{scenario.path}</span>
                    <br />
                    {scenario.failure}
                  </li>
                ))}
            </ul>
          )}
        </div>
      ))}
    </section>
  );
}
