/** The dated data of law: how it stands, a change from a day on with its ground, previewed, applied; and its history. */
import { useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { useAct } from '../shared/use-act';
import { WithGround } from './act';
import { LawValue } from './law-value';
import type { LawEditItem, LawRow } from './types';

interface Answer {
  rows: LawRow[];
  edits: LawEditItem[];
}
interface Preview {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  text: LocalText;
}
const KINDS = ['limit', 'fee', 'competence', 'authority_name', 'component_drop', 'day_off', 'working_day'] as const;
const DAYS = new Set(['day_off', 'working_day']);
const STATE_KINDS: Record<string, string> = { proposed: 'warn', applied: 'good', withdrawn: '' };
const MARKS = ['V', 'V*', 'S', 'M', 'I'];

function Edits({ edits, onDone }: { edits: LawEditItem[]; onDone: () => void }) {
  const { t, language } = useLanguage();
  const { busy, problem, act } = useAct();
  const apply = (id: string): Promise<boolean> =>
    act(async () => {
      await post(`/administration/law/edits/${id}/application`);
      onDone();
    });
  const withdraw = async (id: string, reason: string): Promise<void> => {
    await post(`/administration/law/edits/${id}/withdrawal`, { reason });
    onDone();
  };
  if (edits.length === 0) return <p className="empty">{t('law.noEdits')}</p>;
  return (
    <>
      <ProblemNote problem={problem} />
      {edits.map((edit) => (
        <article className="card" key={edit.id} data-edit={edit.state}>
          <h3>
            <span className="code">{Object.values(edit.subject).filter(Boolean).map(String).join(' · ')}</span>{' '}
            <Tag kind={STATE_KINDS[edit.state] ?? ''}>{t(`law.state.${edit.state}` as 'law.state.applied')}</Tag> <Tag kind="">{edit.mark}</Tag>
          </h3>
          <p>
            {t('law.from', { day: edit.fromDate })} · {edit.ground}
          </p>
          <pre className="json">{JSON.stringify(edit.value)}</pre>
          <p className="quiet">
            {t('law.proposedBy', { name: edit.author, at: dateTime(edit.proposedAt, language) })}{' '}
            {edit.appliedAt && t('law.appliedBy', { name: edit.appliedBy, at: dateTime(edit.appliedAt, language) })}{' '}
            {edit.withdrawnBy && t('law.withdrawnBy', { name: edit.withdrawnBy, reason: edit.withdrawalReason })}
          </p>
          {edit.state === 'proposed' && (
            <button type="button" className="button" disabled={busy} onClick={() => void apply(edit.id)}>
              {t('law.apply')}
            </button>
          )}{' '}
          {edit.state !== 'withdrawn' && <WithGround label={t('law.withdraw')} onDo={(reason) => withdraw(edit.id, reason)} />}
        </article>
      ))}
    </>
  );
}

interface ChangeProps {
  kind: string;
  row: LawRow | null;
  onDone: () => void;
}

/** One change: its value, its day, its ground; it is looked at before it is proposed. */
function Change({ kind, row, onDone }: ChangeProps) {
  const { t, language } = useLanguage();
  const [value, setValue] = useState<Record<string, unknown>>(row?.value ?? { reason: '' });
  const [day, setDay] = useState('');
  const [fromDate, setFromDate] = useState('');
  const [ground, setGround] = useState('');
  const [mark, setMark] = useState('I');
  const [preview, setPreview] = useState<Preview | null>(null);
  const { busy, problem, act } = useAct();
  const body = { kind, subject: row?.subject ?? { day }, value: kind === 'component_drop' ? {} : value, fromDate, ground, mark };
  const changed = <T,>(set: (next: T) => void) => (next: T): void => {
    setPreview(null);
    set(next);
  };
  const look = (): Promise<boolean> => act(async () => setPreview(await post<Preview>('/administration/law/preview', body)));
  const propose = (): Promise<boolean> =>
    act(async () => {
      await post('/administration/law', body);
      setPreview(null);
      onDone();
    });
  return (
    <form
      className="act"
      onSubmit={(event) => {
        event.preventDefault();
        void (preview ? propose() : look());
      }}
    >
      {row === null && (
        <label>
          {t('law.day')}
          <input type="date" required value={day} onChange={(event) => changed(setDay)(event.target.value)} />
        </label>
      )}
      {kind !== 'component_drop' && <LawValue value={value} onChange={changed(setValue)} />}
      <label>
        {t('law.fromDate')}
        <input type="date" required value={fromDate} onChange={(event) => changed(setFromDate)(event.target.value)} />
      </label>
      <label>
        {t('law.ground')}
        <input required value={ground} onChange={(event) => changed(setGround)(event.target.value)} />
      </label>
      <label>
        {t('law.mark')}
        <select value={mark} onChange={(event) => changed(setMark)(event.target.value)}>
          {MARKS.map((each) => (
            <option key={each} value={each}>
              {each} – {t(`law.marks.${each === 'V*' ? 'Vstar' : each}` as 'law.marks.V')}
            </option>
          ))}
        </select>
      </label>
      <ProblemNote problem={problem} />
      {preview && (
        <p className="notice" role="status">
          {preview.text[language]}
        </p>
      )}
      <button type="submit" className="button" disabled={busy}>
        {t(preview ? 'law.propose' : 'law.preview')}
      </button>
    </form>
  );
}

export default function LawData({ kind }: { kind: string }) {
  const { t, language } = useLanguage();
  const { data, problem, reload } = useLoad<Answer>(`/administration/law/${kind}`);
  const [text, setText] = useState('');
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const wanted = text.trim().toLowerCase();
  const rows = data.rows.filter((row) => `${row.key} ${row.title.vi} ${row.title.en}`.toLowerCase().includes(wanted));
  return (
    <>
      <h1>{t('law.title')}</h1>
      <nav className="ways" aria-label={t('law.kinds')}>
        {KINDS.map((each) => (
          <Link key={each} href={`/staff/console/data/${each}`} aria-current={each === kind ? 'page' : undefined}>
            {t(`law.kind.${each}`)}
          </Link>
        ))}
        <Link href="/staff/console/models">{t('law.forms')}</Link>
      </nav>
      <p className="quiet">{t('law.note')}</p>
      <ProblemNote problem={problem} />
      {DAYS.has(kind) && (
        <section className="panel">
          <Change kind={kind} row={null} onDone={reload} />
        </section>
      )}
      {data.rows.length > 0 && (
        <label className="search">
          {t('law.find')} <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
      )}
      {rows.map((row) => (
        <details className="card" key={row.key} data-law={row.key}>
          <summary>
            {row.title[language]} <span className="code">{row.key}</span> <Tag kind="">{row.mark}</Tag>{' '}
            <span className="quiet">{row.source}</span>
          </summary>
          <pre className="json">{JSON.stringify(row.value, null, 1)}</pre>
          <Change kind={kind} row={row} onDone={reload} />
        </details>
      ))}
      <h2>{t('law.history')}</h2>
      <Edits edits={data.edits} onDone={reload} />
    </>
  );
}
