/** Members of staff: accounts, roles at authorities, locks, passwords that are shown once, and what was done to each. */
import { useState } from 'react';
import { call, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { useAct } from '../shared/use-act';
import { RolesEditor } from './roles-editor';
import type { AuditItem, RoleAt, StaffUser, UsersAnswer } from './types';

function Password({ username, password }: { username: string; password: string }) {
  const { t } = useLanguage();
  return (
    <p className="notice good" role="status">
      {t('users.passwordOnce', { name: username })} <code className="password">{password}</code>
    </p>
  );
}

function History({ username }: { username: string }) {
  const { t, language } = useLanguage();
  const { data, problem } = useLoad<{ history: AuditItem[] }>(`/administration/users/${encodeURIComponent(username)}`);
  if (!data) return <ProblemNote problem={problem} />;
  if (data.history.length === 0) return <p className="quiet">{t('users.noHistory')}</p>;
  return (
    <ul className="plain">
      {data.history.map((row) => (
        <li key={row.seq}>
          {dateTime(row.at, language)} · {row.actor} · {textOr(t, `audit.did.${row.act}`, row.act)}{' '}
          <span className="code">{JSON.stringify(row.data)}</span>
        </li>
      ))}
    </ul>
  );
}

interface CardProps {
  user: StaffUser;
  given: UsersAnswer;
  onDone: () => void;
}

function UserCard({ user, given, onDone }: CardProps) {
  const { t, language } = useLanguage();
  const [roles, setRoles] = useState<RoleAt[]>(user.roles);
  const [name, setName] = useState(user.displayName);
  const [phone, setPhone] = useState(user.phone);
  const [password, setPassword] = useState('');
  const { busy, problem, act } = useAct();
  const path = `/administration/users/${encodeURIComponent(user.username)}`;
  const change = (body: object): Promise<boolean> =>
    act(async () => {
      await call('PATCH', path, body);
      onDone();
    });
  const reset = (): Promise<boolean> =>
    act(async () => {
      setPassword((await post<{ password: string }>(`${path}/password`)).password);
      onDone();
    });
  const unlock = (): Promise<boolean> =>
    act(async () => {
      await post(`${path}/unlock`);
      onDone();
    });
  return (
    <details className="card" data-user={user.username}>
      <summary>
        <strong>{user.displayName}</strong> <span className="code">{user.username}</span>{' '}
        {!user.active && <Tag kind="warn">{t('users.closed')}</Tag>}
        {user.lockedUntil && <Tag kind="bad">{t('users.lockedUntil', { at: dateTime(user.lockedUntil, language) })}</Tag>}
        <span className="quiet"> {user.roles.map((each) => `${textOr(t, `staffRole.${each.role}`, each.role)} · ${each.authorityId}`).join('; ')}</span>
      </summary>
      <ProblemNote problem={problem} />
      {password && <Password username={user.username} password={password} />}
      <div className="find">
        <label>
          {t('users.displayName')}
          <input value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          {t('users.phone')}
          <input value={phone} onChange={(event) => setPhone(event.target.value)} />
        </label>
      </div>
      <RolesEditor roles={roles} given={given} onChange={setRoles} />
      <div className="actions">
        <button type="button" className="button" disabled={busy} onClick={() => void change({ displayName: name, phone, roles })}>
          {t('users.save')}
        </button>
        <button type="button" className="button second" disabled={busy} onClick={() => void reset()}>
          {t('users.resetPassword')}
        </button>
        {user.lockedUntil && (
          <button type="button" className="button second" disabled={busy} onClick={() => void unlock()}>
            {t('users.unlock')}
          </button>
        )}
        <button
          type="button"
          className={`button ${user.active ? 'danger' : 'second'}`}
          disabled={busy}
          onClick={() => void change({ active: !user.active })}
        >
          {t(user.active ? 'users.close' : 'users.open')}
        </button>
      </div>
      <h3>{t('users.history')}</h3>
      <History key={JSON.stringify(user)} username={user.username} />
    </details>
  );
}

function NewUser({ given, onDone }: { given: UsersAnswer; onDone: () => void }) {
  const { t } = useLanguage();
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [phone, setPhone] = useState('');
  const [roles, setRoles] = useState<RoleAt[]>([]);
  const [made, setMade] = useState<{ user: StaffUser; password: string } | null>(null);
  const { busy, problem, act } = useAct();
  const create = (): Promise<boolean> =>
    act(async () => {
      setMade(await post('/administration/users', { username, displayName, phone, roles }));
      setUsername('');
      setDisplayName('');
      setPhone('');
      setRoles([]);
      onDone();
    });
  return (
    <details className="panel">
      <summary>{t('users.new')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <div className="find">
          <label>
            {t('users.username')}
            <input required value={username} autoComplete="off" onChange={(event) => setUsername(event.target.value)} />
          </label>
          <label>
            {t('users.displayName')}
            <input required value={displayName} onChange={(event) => setDisplayName(event.target.value)} />
          </label>
          <label>
            {t('users.phone')}
            <input value={phone} onChange={(event) => setPhone(event.target.value)} />
          </label>
        </div>
        <RolesEditor roles={roles} given={given} onChange={setRoles} />
        <ProblemNote problem={problem} />
        <button type="submit" className="button" disabled={busy}>
          {t('users.create')}
        </button>
      </form>
      {made && <Password username={made.user.username} password={made.password} />}
    </details>
  );
}

export default function Users() {
  const { t } = useLanguage();
  const [text, setText] = useState('');
  const { data, problem, reload } = useLoad<UsersAnswer>(`/administration/users?text=${encodeURIComponent(text)}`);
  const [last, setLast] = useState<UsersAnswer | null>(null);
  const shown = data ?? last;
  if (data && data !== last) setLast(data);
  if (!shown) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <>
      <h1>{t('users.title')}</h1>
      <NewUser given={shown} onDone={reload} />
      <label className="search">
        {t('users.find')}
        <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <ProblemNote problem={problem} />
      {shown.users.map((user) => (
        <UserCard key={user.username} user={user} given={shown} onDone={reload} />
      ))}
      {shown.users.length === 0 && <p className="empty">{t('find.nothing')}</p>}
    </>
  );
}
