/** The queue of the authorities whose roles one holds, by remaining working time; the server decides what is in it. */
import '../shared/tasklist.css';
import { useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, post, remove } from '../shared/api';
import { textOr, useLanguage } from '../shared/i18n';
import { useLiveTasks } from '../shared/live';
import { go, setQuery, useQuery } from '../shared/router';
import { Loading, ProblemNote } from '../shared/states';
import type { QueueAnswer, View } from '../shared/types';
import { offerUndo } from '../shared/undo-bar';
import { useLoad } from '../shared/use-load';
import { BulkBar } from './bulk-bar';
import { taskName } from './names';
import { useQueueKeys } from './queue-keys';
import { SavedFilters } from './saved-filters';
import { TaskRow } from './task-row';

const VIEWS: View[] = ['all', 'mine', 'free', 'overdue', 'soon'];
const NAMES = ['view', 'text', 'authority', 'role', 'procedure', 'element', 'assignee'] as const;
const REFRESH_MS = 60_000;
const TYPING_MS = 250;
const LIVE_MS = 150;

function useFilter(): Record<string, string> {
  const query = useQuery();
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? (name === 'view' ? 'all' : '')]));
}

export default function Queue() {
  const { t, language } = useLanguage();
  const filter = useFilter();
  const [typed, setTyped] = useState(filter['text'] ?? '');
  const [places, setPlaces] = useState<string[]>([]);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const change = (changes: Record<string, string>): void => {
    setPlaces([]);
    setSelected(new Set());
    setQuery(changes);
  };
  useEffect(() => {
    if (typed.trim() === (filter['text'] ?? '')) return undefined;
    const timer = setTimeout(() => change({ text: typed.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  });
  const after = places.at(-1) ?? '';
  const address = new URLSearchParams({ ...filter, after }).toString();
  const { data, problem, reload } = useLoad<QueueAnswer>(`/tasks?${address}`, REFRESH_MS);
  const counts = useRef<QueueAnswer['counts']>({});
  const groups = useRef<QueueAnswer['groups']>([]);
  if (data && !after) counts.current = data.counts;
  if (data?.groups.length) groups.current = data.groups;
  useEffect(() => {
    const newest = data?.undoable[0];
    if (newest) offerUndo(newest);
  }, [data]);
  const pending = useRef(0);
  useLiveTasks(() => {
    window.clearTimeout(pending.current);
    pending.current = window.setTimeout(reload, LIVE_MS);
  });
  const act = (work: Promise<unknown>, then?: () => void): void => {
    work.then(
      () => (setFailure(null), reload(), then?.()),
      (thrown: unknown) => (setFailure(asProblem(thrown)), reload()),
    );
  };
  const claim = (key: string): void => act(post(`/tasks/${key}/claim`), () => go(`/staff/tasklist/${key}`));
  const takeNext = (): void => {
    post<{ key: string | null }>('/tasks/next').then(
      ({ key }) => (key ? go(`/staff/tasklist/${key}`) : reload()),
      (thrown: unknown) => setFailure(asProblem(thrown)),
    );
  };
  const select = (key: string): void =>
    setSelected((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  useQueueKeys(list, search, { onSelect: select, onClaim: claim, onNext: takeNext, onHelp: () => setHelp((old) => !old) });
  const names = new Map(data?.items.map((task) => [task.key, `${taskName(task, t, language)} ${task.dossierCode}`]));
  const authorities = new Map(groups.current.map((group) => [group.authorityId, group.authorityName[language]]));
  const roles = [...new Set(groups.current.map((group) => group.role))];
  return (
    <>
      <div className="task-head">
        <h1>{t('queue.title')}</h1>
        <button type="button" className="button" onClick={takeNext}>
          {t('queue.takeNext')}
        </button>
      </div>
      {data && data.standsInFor.length > 0 && (
        <p className="notice">{t('queue.standsIn', { names: data.standsInFor.join(', ') })}</p>
      )}
      <div className="bar">
        <div className="filters" role="group" aria-label={t('queue.filters')}>
          {VIEWS.map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={filter['view'] === each}
              className={`filter ${each}`}
              onClick={() => change({ view: each === 'all' ? '' : each })}
            >
              {t(`queue.view.${each}`)} <span className="count">{counts.current[each] ?? '…'}</span>
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
        {authorities.size > 1 && (
          <select aria-label={t('queue.authority')} value={filter['authority']} onChange={(event) => change({ authority: event.target.value })}>
            <option value="">{t('queue.allAuthorities')}</option>
            {[...authorities].map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        {roles.length > 1 && (
          <select aria-label={t('queue.role')} value={filter['role']} onChange={(event) => change({ role: event.target.value })}>
            <option value="">{t('queue.allRoles')}</option>
            {roles.map((role) => (
              <option key={role} value={role}>
                {textOr(t, `role.${role}`, role)}
              </option>
            ))}
          </select>
        )}
      </div>
      <SavedFilters
        query={filter}
        groups={groups.current}
        onChoose={(query) => {
          setTyped(query['text'] ?? '');
          change(query['view'] === 'all' ? { ...query, view: '' } : query);
        }}
      />
      <p className="quiet keys">{help ? t('queue.allKeys') : t('queue.keys')}</p>
      <ProblemNote problem={failure ?? problem} />
      {selected.size > 0 && (
        <BulkBar
          keys={[...selected]}
          names={names}
          onDone={(failed) => {
            setSelected(new Set(failed));
            reload();
          }}
        />
      )}
      {!data && !problem && <Loading />}
      {data?.items.length === 0 && <p className="empty">{t('queue.empty')}</p>}
      <ol className="tasks" ref={list}>
        {data?.items.map((task) => (
          <TaskRow
            key={task.key}
            task={task}
            selected={selected.has(task.key)}
            onSelect={select}
            onClaim={claim}
            onRelease={(key) => act(remove(`/tasks/${key}/claim`))}
          />
        ))}
      </ol>
      {(places.length > 0 || data?.after) && (
        <nav className="bar" aria-label={t('queue.pages')}>
          <button type="button" className="button second" disabled={places.length === 0} onClick={() => setPlaces((old) => old.slice(0, -1))}>
            {t('queue.previousPage')}
          </button>
          <span>{t('queue.page', { page: places.length + 1 })}</span>
          <button
            type="button"
            className="button second"
            disabled={!data?.after}
            onClick={() => data?.after && setPlaces((old) => [...old, data.after])}
          >
            {t('queue.nextPage')}
          </button>
        </nav>
      )}
    </>
  );
}
