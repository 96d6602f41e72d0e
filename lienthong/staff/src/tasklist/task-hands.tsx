/** Whose task it is: claim, release, give to a colleague with the draft, transfer to another authority. */
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post, remove } from '../shared/api';
import { textOr, useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { TaskDetail } from '../shared/types';
import { PersonChooser } from './person-chooser';

interface Props {
  detail: TaskDetail;
  onDone: () => void;
  onGone: () => void;
}
const ROLES = ['reception', 'officer', 'unit_head', 'authority_head'];

export function TaskHands({ detail, onDone, onGone }: Props) {
  const { t, language } = useLanguage();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [to, setTo] = useState('');
  const { task, dossier } = detail;
  const act = (work: Promise<unknown>, then = onDone): void => {
    work.then(
      () => (setProblem(null), then()),
      (failure: unknown) => (setProblem(asProblem(failure)), onDone()),
    );
  };
  const give = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note') ?? '');
    act(post(`/tasks/${task.key}/assign`, { to, note }));
  };
  const transfer = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    act(post(`/tasks/${task.key}/transfer`, fields), onGone);
  };
  const authorities = new Map([
    [task.authorityId, task.authorityName[language]],
    ...(dossier?.branches ?? []).map((branch): [string, string] => [branch.authorityId, branch.authorityName[language]]),
  ]);
  return (
    <div className="claim">
      <ProblemNote problem={problem} />
      {task.insteadOf && <p className="notice">{t('task.insteadOf', { name: task.insteadOf })}</p>}
      {task.mine ? (
        <button type="button" className="button second" onClick={() => act(remove(`/tasks/${task.key}/claim`))}>
          {t('task.release')}
        </button>
      ) : (
        <>
          {task.assignee && <p className="notice warn">{t('task.heldBy', { name: task.assignee })}</p>}
          {task.takeable && (
            <button type="button" className="button" onClick={() => act(post(`/tasks/${task.key}/claim`))}>
              {t('task.claim')}
            </button>
          )}
        </>
      )}
      {task.mayGive && (
        <details>
          <summary>{t('task.give')}</summary>
          <form className="stack" onSubmit={give}>
            <PersonChooser value={to} taskKey={task.key} label={t('bulk.to')} onChange={setTo} />
            <label>
              {t('task.giveNote')} <input name="note" maxLength={1000} />
            </label>
            <button type="submit" className="button second" disabled={!to}>
              {t('bulk.assign')}
            </button>
          </form>
          <form className="stack" onSubmit={transfer}>
            <label>
              {t('task.transferTo')}{' '}
              <select name="authorityId" defaultValue={task.authorityId}>
                {[...authorities].map(([id, name]) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t('queue.role')}{' '}
              <select name="role" defaultValue={task.role}>
                {ROLES.map((role) => (
                  <option key={role} value={role}>
                    {textOr(t, `role.${role}`, role)}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t('task.reason')} <input name="reason" required maxLength={1000} />
            </label>
            <button type="submit" className="button second">
              {t('task.transfer')}
            </button>
          </form>
        </details>
      )}
    </div>
  );
}
