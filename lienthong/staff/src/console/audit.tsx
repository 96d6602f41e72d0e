/** The audit: looked through by who, what, about what and when; the chain is recomputed on request. */
import { useState } from 'react';
import { get, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { useAct } from '../shared/use-act';
import { isoOf } from './time';
import type { AuditItem } from './types';

interface Answer {
  entries: AuditItem[];
  acts: string[];
  next: number | null;
}
interface Report {
  entries: number;
  ok: boolean;
  brokenAt: number | null;
}
const EMPTY = { actor: '', act: '', subject: '', since: '', until: '' };

const query = (wanted: typeof EMPTY): string => {
  const pairs = Object.entries({ ...wanted, since: isoOf(wanted.since) ?? '', until: isoOf(wanted.until) ?? '' });
  return new URLSearchParams(pairs.filter(([, value]) => value)).toString();
};

function Verify() {
  const { t } = useLanguage();
  const [report, setReport] = useState<Report | null>(null);
  const { busy, problem, act } = useAct();
  const verify = (): Promise<boolean> => act(async () => setReport(await post<Report>('/administration/audit/verification')));
  return (
    <section className="panel">
      <div className="actions">
        <button type="button" className="button second" disabled={busy} onClick={() => void verify()}>
          {t('audit.verify')}
        </button>
        <span className="quiet">{t('audit.verifyNote')}</span>
      </div>
      <ProblemNote problem={problem} />
      {report && (
        <p className={`notice ${report.ok ? 'good' : 'bad'}`} role="status">
          {report.ok ? t('audit.whole', { count: report.entries }) : t('audit.broken', { seq: report.brokenAt ?? 0 })}
        </p>
      )}
    </section>
  );
}

export default function Audit() {
  const { t, language } = useLanguage();
  const [typed, setTyped] = useState(EMPTY);
  const [wanted, setWanted] = useState(EMPTY);
  const [more, setMore] = useState<Answer | null>(null);
  const { data, problem } = useLoad<Answer>(`/administration/audit?${query(wanted)}`);
  const { busy, act } = useAct();
  const rows = [...(data?.entries ?? []), ...(more?.entries ?? [])];
  const next = more ? more.next : data?.next;
  const set = (name: keyof typeof EMPTY, value: string): void => setTyped((old) => ({ ...old, [name]: value }));
  const goOn = (): Promise<boolean> =>
    act(async () => {
      const page = await get<Answer>(`/administration/audit?${query(wanted)}&before=${next}`);
      setMore((old) => ({ ...page, entries: [...(old?.entries ?? []), ...page.entries] }));
    });
  return (
    <>
      <h1>{t('audit.title')}</h1>
      <Verify />
      <form
        className="panel find"
        onSubmit={(event) => {
          event.preventDefault();
          setMore(null);
          setWanted(typed);
        }}
      >
        <label>
          {t('audit.actor')}
          <input value={typed.actor} onChange={(event) => set('actor', event.target.value)} />
        </label>
        <label>
          {t('audit.act')}
          <select value={typed.act} onChange={(event) => set('act', event.target.value)}>
            <option value="">{t('find.any')}</option>
            {data?.acts.map((each) => (
              <option key={each} value={each}>
                {textOr(t, `audit.did.${each}`, each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('audit.subject')}
          <input value={typed.subject} onChange={(event) => set('subject', event.target.value)} />
        </label>
        <label>
          {t('find.from')}
          <input type="datetime-local" value={typed.since} onChange={(event) => set('since', event.target.value)} />
        </label>
        <label>
          {t('find.to')}
          <input type="datetime-local" value={typed.until} onChange={(event) => set('until', event.target.value)} />
        </label>
        <button type="submit" className="button">
          {t('find.go')}
        </button>
      </form>
      <ProblemNote problem={problem} />
      <div className="scroll" tabIndex={0} role="region" aria-label={t('audit.title')}>
        <table className="stack">
          <thead>
            <tr>
              <th scope="col">{t('audit.seq')}</th>
              <th scope="col">{t('audit.at')}</th>
              <th scope="col">{t('audit.actor')}</th>
              <th scope="col">{t('audit.act')}</th>
              <th scope="col">{t('audit.subject')}</th>
              <th scope="col">{t('audit.data')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.seq}>
                <td className="number">{row.seq}</td>
                <td>{dateTime(row.at, language)}</td>
                <td>{row.actor}</td>
                <td>{textOr(t, `audit.did.${row.act}`, row.act)}</td>
                <td className="code">{row.subject}</td>
                <td>
                  <pre className="json">{JSON.stringify(row.data)}</pre>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && data && <p className="empty">{t('find.nothing')}</p>}
      {next && (
        <button type="button" className="button second" disabled={busy} onClick={() => void goOn()}>
          {t('find.more')}
        </button>
      )}
    </>
  );
}
