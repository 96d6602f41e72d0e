/** Everything that a change of this model reaches, and the same change carried to the other versions of its bundle. */
import { useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote } from '../shared/states';
import type { LocalText, ModelDetail } from '../shared/types';
import type { UsageAnswer } from './types';

interface CarryResult {
  path: string;
  carried: string[];
  conflicts: string[];
  lines: LocalText[];
}
const hrefOf = (path: string): string => `/staff/console/models/${path.split('/').map(encodeURIComponent).join('/')}`;

export default function WhereUsed({ usage, detail, onChanged }: { usage: UsageAnswer | null; detail: ModelDetail; onChanged: () => void }) {
  const { t } = useLanguage();
  if (!usage) return <Loading />;
  return (
    <section>
      <h2>{t('designer.usage.direct')}</h2>
      {usage.direct.length === 0 && <p className="quiet">{t('designer.usage.nobody')}</p>}
      <ul className="plain">
        {usage.direct.map((use) => (
          <li key={`${use.path}/${use.elementId}`}>
            <Link href={hrefOf(use.path)}>{use.path}</Link> · {use.name} <small className="code">{use.elementId}</small>
          </li>
        ))}
      </ul>
      <h2>{t('designer.usage.bundles')}</h2>
      <p>{usage.bundles.join(', ') || t('designer.usage.nobody')}</p>
      <h2>{t('designer.usage.files', { count: usage.files.length })}</h2>
      <ul className="plain columns">
        {usage.files.map((path) => (
          <li key={path}>
            <Link href={hrefOf(path)}>{path}</Link>
          </li>
        ))}
      </ul>
      <h2>{t('designer.usage.calls')}</h2>
      <ul className="plain columns">
        {usage.calls.map((path) => (
          <li key={path}>
            <Link href={hrefOf(path)}>{path}</Link>
          </li>
        ))}
      </ul>
      {usage.siblings.length > 0 && <Carry detail={detail} siblings={usage.siblings} onChanged={onChanged} />}
    </section>
  );
}

function Carry({ detail, siblings, onChanged }: { detail: ModelDetail; siblings: string[]; onChanged: () => void }) {
  const { t, language } = useLanguage();
  const [revision, setRevision] = useState(detail.history[1]?.revision ?? detail.history[0]?.revision ?? '');
  const [targets, setTargets] = useState<string[]>(siblings);
  const [results, setResults] = useState<CarryResult[] | null>(null);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const run = async (apply: boolean): Promise<void> => {
    try {
      const answer = await post<{ results: CarryResult[] }>('/designer/carry', { path: detail.path, revision, targets, apply });
      setDone(apply);
      if (!apply) setResults(answer.results);
      if (apply) onChanged();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <div className="panel">
      <h2>{t('designer.carry')}</h2>
      <label>
        {t('designer.carry.since')}{' '}
        <select value={revision} onChange={(event) => setRevision(event.target.value)}>
          {detail.history.map((each) => (
            <option key={each.revision} value={each.revision}>
              {dateTime(each.at, language)} · {each.message}
            </option>
          ))}
        </select>
      </label>
      {siblings.map((path) => (
        <label key={path} className="choice">
          <input
            type="checkbox"
            checked={targets.includes(path)}
            onChange={() => setTargets((old) => (old.includes(path) ? old.filter((each) => each !== path) : [...old, path]))}
          />{' '}
          {path}
        </label>
      ))}
      <div className="actions">
        <button type="button" className="button second" disabled={targets.length === 0} onClick={() => void run(false)}>
          {t('designer.carry.look')}
        </button>
        <button type="button" className="button" disabled={!results?.some((each) => each.carried.length > 0)} onClick={() => void run(true)}>
          {t('designer.carry.do')}
        </button>
      </div>
      <ProblemNote problem={problem} />
      {done && (
        <p className="notice good" role="status">
          {t('designer.carry.done')}
        </p>
      )}
      {results?.map((each) => (
        <div key={each.path}>
          <h3 className="code">{each.path}</h3>
          <ul className="plain">
            {each.lines.map((line, index) => (
              <li key={index}>{line[language]}</li>
            ))}
          </ul>
          {each.conflicts.length > 0 && <p className="notice warn">{t('designer.carry.conflicts', { ids: each.conflicts.join(', ') })}</p>}
        </div>
      ))}
    </div>
  );
}
