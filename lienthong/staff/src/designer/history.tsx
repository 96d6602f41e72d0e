/** What a model was: every save with its author and reason, and the way back to it. */
import { useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { ModelDetail } from '../shared/types';

export default function History({ detail, dirty, onRestored }: { detail: ModelDetail; dirty: boolean; onRestored: () => void }) {
  const { t, language } = useLanguage();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const restore = async (revision: string): Promise<void> => {
    try {
      await post('/designer/restore', { path: detail.path, revision });
      onRestored();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <section>
      <ProblemNote problem={problem} />
      {dirty && <p className="notice warn">{t('designer.history.unsaved')}</p>}
      <ol className="plain history">
        {detail.history.map((entry, index) => (
          <li key={entry.revision} className="card">
            <strong>{entry.message}</strong>
            <small>
              <span className="code">{entry.revision.slice(0, 8)}</span> · {entry.author} · {dateTime(entry.at, language)}
            </small>
            {index > 0 && (
              <button type="button" className="button second" disabled={dirty} onClick={() => void restore(entry.revision)}>
                {t('designer.history.restore')}
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
