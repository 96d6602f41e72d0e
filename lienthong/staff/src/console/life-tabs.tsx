/** The life of an instance as tables: elements it went through, jobs, timers, messages waited for. */
import type { ReactNode } from 'react';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Tag } from '../shared/states';
import { inWords } from './time';
import type { JobItem, SubscriptionItem, TimerItem, Visit } from './types';

const KINDS: Record<string, string> = { ACTIVE: 'info', COMPLETED: 'good', TERMINATED: 'warn', CREATED: 'info', FAILED: 'bad', CORRELATED: 'good' };
const SECOND_MS = 1000;

function Table({ label, heads, children, empty }: { label: string; heads: string[]; children: ReactNode; empty: boolean }) {
  const { t } = useLanguage();
  if (empty) return <p className="empty">{t('find.nothing')}</p>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="stack">
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function State({ state }: { state: string }) {
  const { t } = useLanguage();
  return <Tag kind={KINDS[state] ?? ''}>{textOr(t, `life.state.${state}`, state)}</Tag>;
}

export function HistoryTab({ rows }: { rows: Visit[] }) {
  const { t, language } = useLanguage();
  const seconds = (row: Visit): number | null =>
    row.startedAt && row.endedAt ? (new Date(row.endedAt).getTime() - new Date(row.startedAt).getTime()) / SECOND_MS : null;
  const heads = [t('life.element'), t('console.state'), t('life.began'), t('life.ended'), t('life.took')];
  return (
    <Table label={t('life.tab.history')} heads={heads} empty={rows.length === 0}>
      {rows.map((row) => (
        <tr key={row.key}>
          <th scope="row">
            {row.name} <small className="code">{row.elementId}</small>
          </th>
          <td>
            <State state={row.state} /> {row.hasIncident && <Tag kind="bad">{t('console.incident')}</Tag>}
          </td>
          <td>{dateTime(row.startedAt, language)}</td>
          <td>{dateTime(row.endedAt, language)}</td>
          <td>{inWords(seconds(row), t)}</td>
        </tr>
      ))}
    </Table>
  );
}

export function JobsTab({ rows }: { rows: JobItem[] }) {
  const { t, language } = useLanguage();
  const heads = [t('life.element'), t('life.jobType'), t('console.state'), t('life.retries'), t('life.worker'), t('life.began'), t('life.error')];
  return (
    <Table label={t('life.tab.jobs')} heads={heads} empty={rows.length === 0}>
      {rows.map((row) => (
        <tr key={row.key}>
          <th scope="row">
            {row.name} <small className="code">{row.key}</small>
          </th>
          <td className="code">{row.type}</td>
          <td>
            <State state={row.state} />
          </td>
          <td className="number">{row.retries}</td>
          <td>{row.worker || '–'}</td>
          <td>{dateTime(row.createdAt, language)}</td>
          <td className="code">{row.errorMessage}</td>
        </tr>
      ))}
    </Table>
  );
}

export function TimersTab({ rows }: { rows: TimerItem[] }) {
  const { t, language } = useLanguage();
  return (
    <>
      <p className="quiet">{t('life.timerNote')}</p>
      <Table
        label={t('life.tab.timers')}
        heads={[t('life.element'), t('life.due'), t('life.expression'), t('life.attached')]}
        empty={rows.length === 0}
      >
        {rows.map((row) => (
          <tr key={`${row.attachedTo}/${row.elementId}`}>
            <th scope="row">
              {row.name} <small className="code">{row.elementId}</small>
            </th>
            <td>{row.dueAt ? dateTime(row.dueAt, language) : t('life.unknownDue')}</td>
            <td className="code">{row.expression}</td>
            <td>
              {row.attachedTo ? `${row.attachedTo} · ${t(row.interrupting ? 'life.interrupts' : 'life.beside')}` : '–'}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}

export function MessagesTab({ rows }: { rows: SubscriptionItem[] }) {
  const { t, language } = useLanguage();
  const heads = [t('life.message'), t('life.key'), t('life.element'), t('console.state'), t('life.began')];
  return (
    <Table label={t('life.tab.messages')} heads={heads} empty={rows.length === 0}>
      {rows.map((row, index) => (
        <tr key={index}>
          <th scope="row" className="code">
            {row.name}
          </th>
          <td className="code">{row.correlationKey}</td>
          <td>
            {row.element} {row.beside && <Tag kind="">{t('life.beside')}</Tag>}
          </td>
          <td>
            <State state={row.state} />
          </td>
          <td>{dateTime(row.at, language)}</td>
        </tr>
      ))}
    </Table>
  );
}
