/** The deadlines of a dossier and of its branches; moving one needs a ground, and the running watch hears of it. */
import { useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Loading, ProblemNote } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { WithGround } from './act';
import { isoOf, typedOf } from './time';
import type { Deadlines } from './types';

const KINDS = ['correction', 're-appointment', 'supplement', 'force-majeure'] as const;

interface Props {
  code: string;
  mayChange: boolean;
  onDone: () => void;
}

function Move({ code, branch, dueAt, onDone }: { code: string; branch: string; dueAt: string | null; onDone: () => void }) {
  const { t } = useLanguage();
  const [due, setDue] = useState(dueAt ? typedOf(dueAt) : '');
  const [kind, setKind] = useState<string>('correction');
  const move = async (ground: string): Promise<void> => {
    await post(`/console/dossiers/${encodeURIComponent(code)}/deadlines`, { procedureCode: branch || null, dueAt: isoOf(due), kind, ground });
    onDone();
  };
  return (
    <WithGround label={t('deadline.move')} ask={t('deadline.moveAsk', { branch: branch || t('deadline.whole') })} onDo={move}>
      <label>
        {t('deadline.new')}
        <input type="datetime-local" required value={due} onChange={(event) => setDue(event.target.value)} />
      </label>
      <label>
        {t('deadline.kind')}
        <select value={kind} onChange={(event) => setKind(event.target.value)}>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {t(`deadline.ground.${each}`)}
            </option>
          ))}
        </select>
      </label>
    </WithGround>
  );
}

export function DeadlinesTab({ code, mayChange, onDone }: Props) {
  const { t, language } = useLanguage();
  const { data, problem, reload } = useLoad<Deadlines>(`/console/dossiers/${encodeURIComponent(code)}/deadlines`);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const done = (): void => {
    reload();
    onDone();
  };
  const rows = [{ code: '', status: '', dueAt: data.dueAt }, ...data.branches];
  return (
    <>
      <ul className="plain">
        {rows.map((row) => (
          <li key={row.code} data-branch={row.code}>
            <strong>{row.code || t('deadline.whole')}</strong> {row.status && textOr(t, `branch.${row.status}`, row.status)} ·{' '}
            {dateTime(row.dueAt, language)} {mayChange && <Move key={row.dueAt} code={code} branch={row.code} dueAt={row.dueAt} onDone={done} />}
          </li>
        ))}
      </ul>
      <h3>{t('deadline.history')}</h3>
      <ol className="plain">
        {data.entries.map((entry, index) => (
          <li key={index}>
            {dateTime(entry.at, language)} · {entry.branch || t('deadline.whole')} → {dateTime(entry.dueAt, language)} ·{' '}
            {textOr(t, `deadline.ground.${entry.ground}`, entry.ground)}
          </li>
        ))}
      </ol>
    </>
  );
}
