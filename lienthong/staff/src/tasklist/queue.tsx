/** The queue of the authorities whose roles one holds, by remaining working time; the server decides what is in it. */
import { useEffect, useRef, useState } from 'react';
import { asProblem, type ApiProblem, post, remove } from '../shared/api';
import { dateTime, remaining } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { go } from '../shared/router';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { QueueAnswer, TaskItem, View } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { useQueueKeys } from './queue-keys';

const VIEWS: View[] = ['all', 'mine', 'free', 'overdue', 'soon'];
const REFRESH_MS = 5000;
const TYPING_MS = 250;

const isLate = (task: TaskItem): boolean => task.remainingMinutes !== null && task.remainingMinutes < 0;
const isSoon = (task: TaskItem): boolean => task.remainingMinutes !== null && task.remainingMinutes <= 480;

function TaskRow({ task, onChange }: { task: TaskItem; onChange: (failure?: unknown) => void }) {
  const { t, language } = useLanguage();
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      onChange();
    } catch (failure) {
      onChange(failure);
    }
  };
  const path = `/tasks/${task.key}/claim`;
  return (
    <li className={`task ${isLate(task) ? 'late' : isSoon(task) ? 'soon' : ''}`} data-task={task.key}>
      <div className="task-what">
        <Link href={`/staff/tasklist/${task.key}`} className="task-link">
          {task.name}
        </Link>
        <div className="quiet">
          <span className="code">{task.dossierCode}</span> · {task.applicant}
        </div>
        <div className="quiet">
          {task.procedureCode ? `${task.procedureCode} · ${task.procedureName[language]}` : task.bundleTitle[language]} ·{' '}
          {task.authorityName[language]}
        </div>
      </div>
      <div className="task-time">
        <strong>{remaining(task.remainingMinutes, t)}</strong>
        <span className="quiet">{dateTime(task.dueAt, language)}</span>
        {isLate(task) && <Tag kind="bad">{t('queue.overdue')}</Tag>}
        {task.essential && <Tag kind="info">{t('queue.essential')}</Tag>}
      </div>
      <div className="task-who">
        {task.assignee && !task.mine && <span className="quiet">{t('queue.heldBy', { name: task.assignee })}</span>}
        {task.mine && (
          <button type="button" className="button second" onClick={() => void act(() => remove(path))}>
            {t('task.release')}
          </button>
        )}
        {task.takeable && !task.mine && (
          <button
            type="button"
            className="button second"
            onClick={() => void act(() => post(path).then(() => go(`/staff/tasklist/${task.key}`)))}
          >
            {t('task.claim')}
          </button>
        )}
      </div>
    </li>
  );
}

export default function Queue() {
  const { t } = useLanguage();
  const [view, setView] = useState<View>('all');
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const query = new URLSearchParams({ view, text }).toString();
  const { data, problem, reload } = useLoad<QueueAnswer>(`/tasks?${query}`, REFRESH_MS);
  useQueueKeys(list, search);
  return (
    <>
      <h1>{t('queue.title')}</h1>
      <div className="bar">
        <div className="filters" role="group" aria-label={t('queue.filters')}>
          {VIEWS.map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={view === each}
              className={`filter ${each}`}
              onClick={() => setView(each)}
            >
              {t(`queue.view.${each}`)} <span className="count">{data?.counts[each] ?? '…'}</span>
            </button>
          ))}
        </div>
        <label className="search">
          <span className="hidden">{t('queue.search')}</span>
          <input
            ref={search}
            type="search"
            value={typed}
            placeholder={t('queue.search')}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      </div>
      <p className="quiet keys">{t('queue.keys')}</p>
      <ProblemNote problem={failure ?? problem} />
      {!data && !problem && <Loading />}
      {data?.items.length === 0 && <p className="empty">{t('queue.empty')}</p>}
      <ol className="tasks" ref={list}>
        {data?.items.map((task) => (
          <TaskRow
            key={task.key}
            task={task}
            onChange={(thrown) => {
              setFailure(thrown ? asProblem(thrown) : null);
              reload();
            }}
          />
        ))}
      </ol>
    </>
  );
}
