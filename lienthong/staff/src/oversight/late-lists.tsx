/** The public late lists in the Office's hands: start one, see where it stands, correct a published row on a ground. */
import './texts';
import '../shared/tasklist.css';
import { type FormEvent, useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Said, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useAct } from '../shared/use-act';
import { useLoad } from '../shared/use-load';

interface ListItem {
  id: string;
  name: string;
  state: string;
  compiledAt: string;
  publishedAt: string | null;
  rows: number;
}
interface Row {
  id: string;
  dossierCode: string;
  procedureCode: string;
  authority: LocalText;
  officer: string;
  due: string;
  done: string;
  days_late: number;
  reason: string;
}
interface Whole {
  name: string;
  state: string;
  correctable: string[];
  rows: Row[];
}

function Correction({ row, fields, onDone }: { row: Row; fields: string[]; onDone: () => void }) {
  const { t } = useLanguage();
  const { busy, problem, act } = useAct();
  const [said, setSaid] = useState(false);
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    void act(async () => {
      await post(`/late-lists/rows/${row.id}/correction`, Object.fromEntries(new FormData(form)));
      setSaid(true);
      onDone();
    });
  };
  return (
    <details>
      <summary>{t('late.correct')}</summary>
      <form className="stack" onSubmit={send}>
        <label>
          {t('late.field')}{' '}
          <select name="field">
            {fields.map((name) => (
              <option key={name} value={name}>
                {textOr(t, `late.field.${name}`, name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('late.value')} <input name="value" maxLength={1000} />
        </label>
        <label>
          {t('late.ground')} <textarea name="ground" rows={2} required maxLength={1000} />
        </label>
        <button type="submit" className="button second" disabled={busy}>
          {t('late.correct')}
        </button>
      </form>
      <ProblemNote problem={problem} />
      <Said text={said ? t('late.corrected') : ''} />
    </details>
  );
}

function Rows({ id }: { id: string }) {
  const { t, language } = useLanguage();
  const { data, problem, reload } = useLoad<Whole>(`/late-lists/${id}`);
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  if (data.rows.length === 0) return <p className="empty">{t('late.noRow')}</p>;
  return (
    <ul className="plain">
      {data.rows.map((row) => (
        <li className="panel" key={row.id}>
          <p>
            <span className="code">{row.dossierCode}</span> {row.procedureCode} · {row.authority[language]} · {row.officer}
          </p>
          <p>
            <Tag kind="bad">{t('late.days', { days: row.days_late })}</Tag> {t('late.dates', { due: row.due, done: row.done || '–' })}
          </p>
          {row.reason && <p className="quiet">{row.reason}</p>}
          {data.state === 'published' && <Correction row={row} fields={data.correctable} onDone={reload} />}
        </li>
      ))}
    </ul>
  );
}

function Start({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const { busy, problem, act } = useAct();
  const [said, setSaid] = useState(false);
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const month = Number(given.get('month'));
    void act(async () => {
      await post('/late-lists', { year: Number(given.get('year')), month: month || null });
      setSaid(true);
      onDone();
    });
  };
  return (
    <form className="panel find" onSubmit={send} aria-label={t('late.start')}>
      <label>
        {t('late.year')} <input name="year" type="number" min={2018} max={2100} defaultValue={new Date().getFullYear()} required />
      </label>
      <label>
        {t('late.month')}{' '}
        <select name="month">
          <option value="">{t('late.wholeYear')}</option>
          {Array.from({ length: 12 }, (_, index) => (
            <option key={index} value={index + 1}>
              {index + 1}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button" disabled={busy}>
        {t('late.start')}
      </button>
      <ProblemNote problem={problem} />
      <Said text={said ? t('late.started') : ''} />
    </form>
  );
}

export default function LateLists() {
  const { t, language } = useLanguage();
  const [open, setOpen] = useState('');
  const { data, problem, reload } = useLoad<{ lists: ListItem[] }>('/late-lists', 30_000);
  return (
    <>
      <h1>{t('late.title')}</h1>
      <p className="quiet">{t('late.about')}</p>
      <Start onDone={reload} />
      <ProblemNote problem={problem} />
      {!data && !problem && <Loading />}
      {data?.lists.length === 0 && <p className="empty">{t('late.none')}</p>}
      {data?.lists.map((one) => (
        <section className="panel" key={one.id}>
          <h2>
            <button type="button" className="link" aria-expanded={open === one.id} onClick={() => setOpen(open === one.id ? '' : one.id)}>
              {t('late.list', { name: one.name, count: one.rows })}
            </button>
          </h2>
          <p>
            <Tag kind={one.state === 'published' ? 'good' : 'info'}>{textOr(t, `late.state.${one.state}`, one.state)}</Tag>{' '}
            <span className="quiet">{dateTime(one.publishedAt ?? one.compiledAt, language)}</span>
          </p>
          {open === one.id && <Rows id={one.id} />}
        </section>
      ))}
    </>
  );
}
