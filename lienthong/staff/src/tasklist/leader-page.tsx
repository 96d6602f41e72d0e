/** What a head looks at: at risk before it is late, figures with the dossiers behind them, load by unit and officer. */
import '../shared/tasklist.css';
import { Fragment, lazy, Suspense, useState } from 'react';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { setQuery, useQuery } from '../shared/router';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

interface Overview {
  first: string;
  last: string;
  figures: Record<string, number>;
  units: { authorityId: string; name: LocalText; open: number; atRisk: number; late: number }[];
  load: {
    authorityId: string;
    authorityName: LocalText;
    role: string;
    assignee: string;
    open: number;
    overdue: number;
    soon: number;
    oldestDue: string | null;
  }[];
  authorities: { id: string; name: LocalText }[];
}
interface Row {
  code: string;
  branchCode: string;
  procedureName: LocalText;
  authorityName: LocalText;
  applicant: string;
  status: string;
  dueAt: string | null;
  finishedAt: string | null;
  escalationLevel: number;
  risk: string;
  readable: boolean;
}
const FIGURES = ['received', 'open', 'at-risk', 'late-now', 'finished', 'finished-on-time', 'finished-late', 'refused'] as const;
const LeaderIndicators = lazy(() => import('./leader-indicators'));
const RISKS: Record<string, string> = { late: 'bad', high: 'bad', warning: 'warn', watch: 'info' };

function Rows({ rows, risk }: { rows: Row[]; risk: boolean }) {
  const { t, language } = useLanguage();
  if (rows.length === 0) return <p className="empty">{t('leader.nothing')}</p>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('leader.table')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('leader.dossier')}</th>
            <th scope="col">{t('leader.procedure')}</th>
            <th scope="col">{t('leader.authority')}</th>
            <th scope="col">{t('dossier.due')}</th>
            <th scope="col">{t('dossier.status')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.code}/${row.branchCode}`}>
              <td>
                {row.readable ? (
                  <Link className="code" href={`/staff/tasklist/dossiers/${row.code}`}>
                    {row.code}
                  </Link>
                ) : (
                  <span className="code">{row.code}</span>
                )}
                <small>{row.applicant}</small>
              </td>
              <td>
                {row.branchCode} · {row.procedureName[language]}
              </td>
              <td>{row.authorityName[language]}</td>
              <td>{dateTime(row.dueAt, language)}</td>
              <td>
                {risk || row.status === 'active' ? (
                  <Tag kind={RISKS[row.risk] ?? ''}>{textOr(t, `risk.${row.risk}`, row.risk)}</Tag>
                ) : (
                  <Tag kind="">{textOr(t, `branch.${row.status}`, row.status)}</Tag>
                )}
                {row.escalationLevel > 0 && <small>{t('leader.level', { level: row.escalationLevel })}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Behind({ figure, query }: { figure: string; query: string }) {
  const { t, language } = useLanguage();
  const [afters, setAfters] = useState<string[]>([]);
  const { data, problem } = useLoad<{ items: Row[]; after: string }>(
    `/leader/dossiers?${query}&figure=${figure}&after=${afters.at(-1) ?? ''}`,
  );
  const file = (kind: string): string => `/api/leader/export?${query}&figure=${figure}&kind=${kind}&language=${language}`;
  return (
    <section className="panel" aria-live="polite">
      <h2>{t(`figure.${figure as (typeof FIGURES)[number]}`)}</h2>
      <p className="bar">
        <a className="button second" href={file('xlsx')}>
          {t('leader.exportXlsx')}
        </a>
        <a className="button second" href={file('csv')}>
          {t('leader.exportCsv')}
        </a>
        <button type="button" className="button second" onClick={() => setQuery({ figure: '' })}>
          {t('leader.close')}
        </button>
      </p>
      <ProblemNote problem={problem} />
      {!data && !problem && <Loading />}
      {data && <Rows rows={data.items} risk={false} />}
      {(afters.length > 0 || data?.after) && (
        <nav className="bar" aria-label={t('queue.pages')}>
          <button type="button" className="button second" disabled={afters.length === 0} onClick={() => setAfters((old) => old.slice(0, -1))}>
            {t('queue.previousPage')}
          </button>
          <button type="button" className="button second" disabled={!data?.after} onClick={() => data && setAfters((old) => [...old, data.after])}>
            {t('queue.nextPage')}
          </button>
        </nav>
      )}
    </section>
  );
}

interface LoadTask {
  key: string;
  elementId: string;
  name: string;
  dossierCode: string;
  procedureCode: string;
  dueAt: string | null;
  late: boolean;
}

function LoadTasks({ row }: { row: Overview['load'][number] }) {
  const { t, language } = useLanguage();
  const query = new URLSearchParams({ authority: row.authorityId, role: row.role, assignee: row.assignee });
  const { data, problem } = useLoad<{ items: LoadTask[] }>(`/leader/tasks?${query}`);
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  return (
    <ul className="plain">
      {data.items.map((task) => (
        <li key={task.key}>
          <Link className="code" href={`/staff/tasklist/dossiers/${task.dossierCode}`}>
            {task.dossierCode}
          </Link>{' '}
          {task.procedureCode} {language === 'vi' ? task.name : textOr(t, `element.${task.elementId}`, task.name)}{' '}
          <Tag kind={task.late ? 'bad' : ''}>{dateTime(task.dueAt, language)}</Tag>
        </li>
      ))}
    </ul>
  );
}

export default function LeaderPage() {
  const { t, language } = useLanguage();
  const [line, setLine] = useState('');
  const [indicators, setIndicators] = useState(false);
  const given = useQuery();
  const scope = new URLSearchParams();
  for (const name of ['authority', 'first', 'last']) if (given.get(name)) scope.set(name, given.get(name) ?? '');
  const query = scope.toString();
  const figure = given.get('figure') ?? '';
  const { data, problem } = useLoad<Overview>(`/leader/overview?${query}`, 60_000);
  const { data: risks } = useLoad<{ items: Row[] }>(`/leader/at-risk?${query}`, 60_000);
  if (problem && !data) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  return (
    <>
      <h1>{t('leader.title')}</h1>
      <div className="bar">
        <label>
          {t('leader.authority')}{' '}
          <select value={given.get('authority') ?? ''} onChange={(event) => setQuery({ authority: event.target.value })}>
            <option value="">{t('queue.allAuthorities')}</option>
            {data.authorities.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name[language]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('leader.from')}{' '}
          <input type="date" value={given.get('first') ?? data.first} onChange={(event) => setQuery({ first: event.target.value })} />
        </label>
        <label>
          {t('leader.to')} <input type="date" value={given.get('last') ?? data.last} onChange={(event) => setQuery({ last: event.target.value })} />
        </label>
      </div>
      <ul className="figures">
        {FIGURES.map((name) => (
          <li key={name}>
            <button type="button" className={`figure ${name}`} aria-pressed={figure === name} onClick={() => setQuery({ figure: name })}>
              <strong>{data.figures[name] ?? 0}</strong>
              <span>{t(`figure.${name}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {figure && <Behind figure={figure} query={query} key={`${figure}${query}`} />}
      <section className="panel">
        <h2>{t('leader.atRisk')}</h2>
        <p className="quiet">{t('leader.atRiskRule')}</p>
        {risks ? <Rows rows={risks.items} risk /> : <Loading />}
      </section>
      <section className="panel">
        <h2>{t('indicator.title')}</h2>
        <details onToggle={(event) => setIndicators(event.currentTarget.open)}>
          <summary>{t('indicator.show')}</summary>
          {indicators && (
            <Suspense fallback={<Loading />}>
              <LeaderIndicators authority={given.get('authority') ?? ''} />
            </Suspense>
          )}
        </details>
      </section>
      <section className="panel">
        <h2>{t('leader.units')}</h2>
        <div className="scroll" tabIndex={0} role="region" aria-label={t('leader.units')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('leader.authority')}</th>
                <th scope="col">{t('figure.open')}</th>
                <th scope="col">{t('figure.at-risk')}</th>
                <th scope="col">{t('figure.late-now')}</th>
              </tr>
            </thead>
            <tbody>
              {data.units.map((unit) => (
                <tr key={unit.authorityId}>
                  <td>
                    <button type="button" className="link" onClick={() => setQuery({ authority: unit.authorityId, figure: 'open' })}>
                      {unit.name[language]}
                    </button>
                  </td>
                  <td className="number">{unit.open}</td>
                  <td className="number">{unit.atRisk}</td>
                  <td className="number">{unit.late > 0 ? <Tag kind="bad">{unit.late}</Tag> : 0}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="panel">
        <h2>{t('leader.load')}</h2>
        <div className="scroll" tabIndex={0} role="region" aria-label={t('leader.load')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('leader.authority')}</th>
                <th scope="col">{t('queue.role')}</th>
                <th scope="col">{t('leader.person')}</th>
                <th scope="col">{t('figure.open')}</th>
                <th scope="col">{t('queue.view.overdue')}</th>
                <th scope="col">{t('queue.view.soon')}</th>
                <th scope="col">{t('leader.oldest')}</th>
              </tr>
            </thead>
            <tbody>
              {data.load.map((row) => {
                const name = `${row.authorityId}/${row.role}/${row.assignee}`;
                return (
                  <Fragment key={name}>
                    <tr>
                      <td>{row.authorityName[language]}</td>
                      <td>{textOr(t, `role.${row.role}`, row.role)}</td>
                      <td>{row.assignee || <span className="quiet">{t('queue.view.free')}</span>}</td>
                      <td className="number">
                        <button
                          type="button"
                          className="link"
                          aria-expanded={line === name}
                          aria-label={t('leader.showTasks', { count: row.open })}
                          onClick={() => setLine(line === name ? '' : name)}
                        >
                          {row.open}
                        </button>
                      </td>
                      <td className="number">{row.overdue > 0 ? <Tag kind="bad">{row.overdue}</Tag> : 0}</td>
                      <td className="number">{row.soon}</td>
                      <td>{dateTime(row.oldestDue, language)}</td>
                    </tr>
                    {line === name && (
                      <tr>
                        <td colSpan={7}>
                          <LoadTasks row={row} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}
