/** Check and save for whatever editor is inside; a save is a commit with a message and never overwrites another's. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, post, put } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { leaving } from '../shared/router';
import { ProblemNote } from '../shared/states';
import type { ModelDetail, ModelProblem } from '../shared/types';

export interface Editing {
  /** The editor puts its export here. */
  setExport: (text: () => Promise<string>) => void;
  onChange: () => void;
  problems: ModelProblem[];
}
interface Props {
  detail: ModelDetail;
  address: string;
  onSaved: () => void;
  children: (editing: Editing) => ReactNode;
}

export function ModelBar({ detail, address, onSaved, children }: Props) {
  const { t, language } = useLanguage();
  const text = useRef<() => Promise<string>>(() => Promise.resolve(detail.content));
  const revision = useRef(detail.revision);
  const [dirty, setDirty] = useState(false);
  const [message, setMessage] = useState('');
  const [problems, setProblems] = useState<ModelProblem[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [saved, setSaved] = useState(false);
  const setExport = useCallback((next: () => Promise<string>) => {
    text.current = next;
  }, []);
  const onChange = useCallback(() => {
    setDirty(true);
    setSaved(false);
  }, []);
  useEffect(() => {
    leaving.mayLeave = dirty ? () => window.confirm(t('models.leave')) : null;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    if (dirty) window.addEventListener('beforeunload', onUnload);
    return () => {
      leaving.mayLeave = null;
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [dirty, t]);
  const run = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  const check = (): Promise<void> =>
    run(async () => {
      const answer = await post<{ problems: ModelProblem[] }>('/models/check', { name: detail.path, content: await text.current() });
      setProblems(answer.problems);
    });
  const save = (): Promise<void> =>
    run(async () => {
      const body = { content: await text.current(), message: message.trim(), revision: revision.current };
      revision.current = (await put<{ revision: string }>(address, body)).revision;
      setDirty(false);
      setSaved(true);
      setMessage('');
      onSaved();
    });
  return (
    <>
      <div className="actions model-bar">
        <button type="button" className="button second" onClick={() => void check()}>
          {t('models.check')}
        </button>
        <label>
          <span className="hidden">{t('models.message')}</span>
          <input value={message} placeholder={t('models.message')} onChange={(event) => setMessage(event.target.value)} />
        </label>
        <button type="button" className="button" disabled={!dirty || !message.trim()} onClick={() => void save()}>
          {t('models.save')}
        </button>
        <span role="status" className="quiet">
          {saved ? t('models.saved') : dirty ? t('models.unsaved') : ''}
        </span>
      </div>
      <ProblemNote problem={problem} />
      {problems?.length === 0 && (
        <p className="notice good" role="status">
          {t('models.checkGood')}
        </p>
      )}
      {problems && problems.length > 0 && (
        <ul className="notice bad plain" role="alert">
          {problems.map((each, index) => (
            <li key={index}>
              {each.elementId && <span className="code">{each.elementId}: </span>}
              {each.message} <small className="quiet">({each.rule})</small>
            </li>
          ))}
        </ul>
      )}
      {children({ setExport, onChange, problems: problems ?? [] })}
      <details>
        <summary>{t('models.history', { count: detail.history.length })}</summary>
        <ol className="plain">
          {detail.history.map((entry) => (
            <li key={entry.revision}>
              <span className="code">{entry.revision.slice(0, 8)}</span> {entry.message}{' '}
              <span className="quiet">
                {entry.author} · {dateTime(entry.at, language)}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
