/** Who works in whose place, on which days; ended ones stay to be seen. */
import { useState } from 'react';
import { post, remove } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { Loading, ProblemNote } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { useAct } from '../shared/use-act';
import type { SubstitutionItem, UsersAnswer } from './types';

interface Answer {
  current: SubstitutionItem[];
  past: SubstitutionItem[];
}
const EMPTY = { absent: '', substitute: '', firstDay: '', lastDay: '', authorityId: '', reason: '' };

function Table({ rows, onEnd }: { rows: SubstitutionItem[]; onEnd?: (id: string) => void }) {
  const { t } = useLanguage();
  if (rows.length === 0) return <p className="empty">{t('substitutions.none')}</p>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('substitutions.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('substitutions.absent')}</th>
            <th scope="col">{t('substitutions.substitute')}</th>
            <th scope="col">{t('substitutions.days')}</th>
            <th scope="col">{t('users.authority')}</th>
            <th scope="col">{t('substitutions.reason')}</th>
            {onEnd && <th scope="col">{t('substitutions.act')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.absent}</th>
              <td>{row.substitute}</td>
              <td>
                {row.firstDay} – {row.lastDay}
              </td>
              <td>{row.authorityId || t('substitutions.all')}</td>
              <td>
                {row.reason} <small>{t('substitutions.by', { name: row.createdBy })}</small>
              </td>
              {onEnd && (
                <td>
                  <button type="button" className="link" onClick={() => onEnd(row.id)}>
                    {t('substitutions.end')}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function Substitutions() {
  const { t } = useLanguage();
  const people = useLoad<UsersAnswer>('/administration/users').data;
  const { data, problem, reload } = useLoad<Answer>('/administration/substitutions');
  const [typed, setTyped] = useState(EMPTY);
  const { busy, problem: failure, act } = useAct();
  if (!data || !people) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const set = (name: keyof typeof EMPTY, value: string): void => setTyped((old) => ({ ...old, [name]: value }));
  const absent = people.users.find((user) => user.username === typed.absent);
  const appoint = (): Promise<boolean> =>
    act(async () => {
      await post('/administration/substitutions', typed);
      setTyped(EMPTY);
      reload();
    });
  const end = (id: string): Promise<boolean> =>
    act(async () => {
      await remove(`/administration/substitutions/${id}`);
      reload();
    });
  const person = (name: 'absent' | 'substitute') => (
    <label>
      {t(`substitutions.${name}`)}
      <select required value={typed[name]} onChange={(event) => set(name, event.target.value)}>
        <option value="">{t('find.choose')}</option>
        {people.users
          .filter((user) => user.active)
          .map((user) => (
            <option key={user.username} value={user.username}>
              {user.displayName} ({user.username})
            </option>
          ))}
      </select>
    </label>
  );
  return (
    <>
      <h1>{t('substitutions.title')}</h1>
      <p className="quiet">{t('substitutions.note')}</p>
      <form
        className="panel find"
        onSubmit={(event) => {
          event.preventDefault();
          void appoint();
        }}
      >
        {person('absent')}
        {person('substitute')}
        <label>
          {t('substitutions.firstDay')}
          <input required type="date" value={typed.firstDay} onChange={(event) => set('firstDay', event.target.value)} />
        </label>
        <label>
          {t('substitutions.lastDay')}
          <input required type="date" value={typed.lastDay} onChange={(event) => set('lastDay', event.target.value)} />
        </label>
        <label>
          {t('users.authority')}
          <select value={typed.authorityId} onChange={(event) => set('authorityId', event.target.value)}>
            <option value="">{t('substitutions.all')}</option>
            {[...new Set(absent?.roles.map((each) => each.authorityId) ?? [])].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('substitutions.reason')}
          <input value={typed.reason} onChange={(event) => set('reason', event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={busy}>
          {t('substitutions.appoint')}
        </button>
      </form>
      <ProblemNote problem={failure ?? problem} />
      <h2>{t('substitutions.current')}</h2>
      <Table rows={data.current} onEnd={(id) => void end(id)} />
      <h2>{t('substitutions.past')}</h2>
      <Table rows={data.past} />
    </>
  );
}
