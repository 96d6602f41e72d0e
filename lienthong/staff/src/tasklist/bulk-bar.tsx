/** One act on the tasks that are selected; what became of each is said. */
import { useState } from 'react';
import { post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import type { LocalText } from '../shared/types';
import { PersonChooser } from './person-chooser';

interface Result extends LocalText {
  key: string;
  ok: boolean;
}
interface Props {
  keys: string[];
  names: Map<string, string>;
  onDone: (failed: string[]) => void;
}

export function BulkBar({ keys, names, onDone }: Props) {
  const { t, language } = useLanguage();
  const [results, setResults] = useState<Result[]>([]);
  const [to, setTo] = useState('');
  const [busy, setBusy] = useState(false);
  const act = async (name: string): Promise<void> => {
    setBusy(true);
    try {
      const answer = await post<{ results: Result[] }>('/tasks/bulk', { act: name, keys, to });
      setResults(answer.results);
      onDone(answer.results.filter((each) => !each.ok).map((each) => each.key));
    } finally {
      setBusy(false);
    }
  };
  const failed = results.filter((each) => !each.ok);
  return (
    <div className="bulk" role="group" aria-label={t('bulk.label')}>
      <strong>{t('bulk.selected', { count: keys.length })}</strong>
      <button type="button" className="button second" disabled={busy || !keys.length} onClick={() => void act('claim')}>
        {t('task.claim')}
      </button>
      <button type="button" className="button second" disabled={busy || !keys.length} onClick={() => void act('release')}>
        {t('task.release')}
      </button>
      <button type="button" className="button second" disabled={busy || !keys.length} onClick={() => void act('sign')}>
        {t('bulk.sign')}
      </button>
      <PersonChooser value={to} taskKey={keys[0] ?? ''} label={t('bulk.to')} onChange={setTo} />
      <button type="button" className="button second" disabled={busy || !to || !keys.length} onClick={() => void act('assign')}>
        {t('bulk.assign')}
      </button>
      {results.length > 0 && (
        <div role="status" className="bulk-results">
          <p className={failed.length ? 'notice warn' : 'notice good'}>
            {t('bulk.result', { done: results.length - failed.length, all: results.length })}
          </p>
          {failed.length > 0 && (
            <ul className="plain">
              {failed.map((each) => (
                <li key={each.key}>
                  {names.get(each.key) ?? each.key}: {each[language]}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}
