/** Finding instances by anything: dossier, process, step, authority, state, a variable, when it began. */
import { useEffect, useRef, useState } from 'react';
import { post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { InstanceItem } from '../shared/types';
import { useAct } from '../shared/use-act';
import { InstanceTable } from './instance-table';
import { isoOf } from './time';
import type { Found, InstanceSearch } from './types';

export const NOTHING: InstanceSearch = {
  dossierCode: '',
  processId: '',
  definitionKey: '',
  elementId: '',
  authority: '',
  state: '',
  onlyIncidents: false,
  archived: false,
  variable: '',
  value: '',
  startedFrom: null,
  startedTo: null,
  after: '',
};
const TEXTS = ['dossierCode', 'processId', 'elementId', 'authority', 'variable', 'value'] as const;
const STATES = ['', 'ACTIVE', 'COMPLETED', 'TERMINATED'] as const;

interface Props {
  /** What is always wanted, and not asked for. */
  fixed?: Partial<InstanceSearch>;
  onFound?: (wanted: InstanceSearch, total: number) => void;
  /** The newest ones are there before anything is asked. */
  atOnce?: boolean;
}

export function FindInstances({ fixed = {}, onFound, atOnce }: Props) {
  const { t } = useLanguage();
  const [wanted, setWanted] = useState<InstanceSearch>({ ...NOTHING, ...fixed });
  const [rows, setRows] = useState<InstanceItem[] | null>(null);
  const [page, setPage] = useState<Found | null>(null);
  const { busy, problem, act } = useAct();
  const set = (change: Partial<InstanceSearch>): void => setWanted((old) => ({ ...old, ...change }));
  const search = (after: string): Promise<boolean> =>
    act(async () => {
      const found = await post<Found>('/console/search', { ...wanted, after });
      setPage(found);
      setRows((old) => (after && old ? [...old, ...found.instances] : found.instances));
      onFound?.(wanted, found.total);
    });
  const first = useRef(atOnce);
  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    void search('');
  });
  return (
    <>
      <form
        className="panel find"
        aria-label={t('find.title')}
        onSubmit={(event) => {
          event.preventDefault();
          void search('');
        }}
      >
        {TEXTS.filter((name) => !(name in fixed)).map((name) => (
          <label key={name}>
            {t(`find.${name}`)}
            <input value={wanted[name]} onChange={(event) => set({ [name]: event.target.value })} />
          </label>
        ))}
        <label>
          {t('console.state')}
          <select value={wanted.state} onChange={(event) => set({ state: event.target.value })}>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {each ? t(`instance.${each}`) : t('find.any')}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('find.from')}
          <input type="datetime-local" onChange={(event) => set({ startedFrom: isoOf(event.target.value) })} />
        </label>
        <label>
          {t('find.to')}
          <input type="datetime-local" onChange={(event) => set({ startedTo: isoOf(event.target.value) })} />
        </label>
        <label className="check">
          <input type="checkbox" checked={wanted.onlyIncidents} onChange={(event) => set({ onlyIncidents: event.target.checked })} />
          {t('find.onlyIncidents')}
        </label>
        <label className="check">
          <input type="checkbox" checked={wanted.archived} onChange={(event) => set({ archived: event.target.checked })} />
          {t('find.archived')}
        </label>
        <button type="submit" className="button" disabled={busy}>
          {t('find.go')}
        </button>
      </form>
      <ProblemNote problem={problem} />
      {rows && (
        <>
          <p role="status" className="quiet">
            {t('find.found', { count: page?.total ?? 0 })}
          </p>
          <InstanceTable instances={rows} />
          {page?.next && (
            <button type="button" className="button second" disabled={busy} onClick={() => void search(page.next ?? '')}>
              {t('find.more')}
            </button>
          )}
        </>
      )}
    </>
  );
}
