/** Differences between our payments and the books of gateway or bank, each open until somebody settles it. */
import { type FormEvent, useState } from 'react';
import { post } from '../shared/api';
import { dateTime, dayOf } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { ProblemNote, Said, Tag } from '../shared/states';
import { useAct } from '../shared/use-act';
import { dong } from './money';
import type { DifferenceItem, Overview } from './types';

function Difference({ item, settles, onDone }: { item: DifferenceItem; settles: boolean; onDone: () => void }) {
  const { t, language } = useLanguage();
  const [note, setNote] = useState('');
  const { busy, problem, act } = useAct();
  const settle = (event: FormEvent): void => {
    event.preventDefault();
    void act(async () => {
      await post(`/finance/differences/${item.id}/resolution`, { note });
      onDone();
    });
  };
  return (
    <li className="panel">
      <p>
        <Tag kind="warn">{textOr(t, `finance.difference.${item.difference}`, item.difference)}</Tag>{' '}
        <span className="code">{item.dossierCode || item.orderId}</span> {item.transactionId}
      </p>
      <p>{t('finance.sums', { ours: dong(item.ours, language), theirs: dong(item.theirs, language) })}</p>
      {settles && (
        <form className="find" onSubmit={settle}>
          <label>
            {t('finance.settleNote')} <input value={note} onChange={(event) => setNote(event.target.value)} required maxLength={1000} />
          </label>
          <button type="submit" className="button second" disabled={busy}>
            {t('finance.settle')}
          </button>
        </form>
      )}
      <ProblemNote problem={problem} />
    </li>
  );
}

function BankStatement({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const [said, setSaid] = useState('');
  const { busy, problem, act } = useAct();
  const compare = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    void act(async () => {
      const content = await (given.get('file') as File).text();
      const found = await post<{ matched: number; differences: number }>('/finance/statements', { day: given.get('day'), content });
      setSaid(t('finance.compared', found));
      onDone();
    });
  };
  return (
    <details>
      <summary>{t('finance.statement')}</summary>
      <p className="quiet">{t('finance.statementForm')}</p>
      <form className="find" onSubmit={compare}>
        <label>
          {t('finance.day')} <input name="day" type="date" required />
        </label>
        <label>
          {t('finance.file')} <input name="file" type="file" accept=".csv,text/csv" required />
        </label>
        <button type="submit" className="button second" disabled={busy}>
          {t('finance.compare')}
        </button>
      </form>
      <ProblemNote problem={problem} />
      <Said text={said} />
    </details>
  );
}

export function Differences({ books, onDone }: { books: Overview; onDone: () => void }) {
  const { t, language } = useLanguage();
  return (
    <section aria-label={t('finance.differences')}>
      <h2>{t('finance.differences')}</h2>
      {books.differences.length === 0 && <p className="empty">{t('finance.noDifference')}</p>}
      <ul className="plain">
        {books.differences.map((item) => (
          <Difference key={item.id} item={item} settles={books.accountant} onDone={onDone} />
        ))}
      </ul>
      {books.accountant && <BankStatement onDone={onDone} />}
      {books.comparisons.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label={t('finance.comparisons')}>
          <table>
            <caption>{t('finance.comparisons')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('finance.day')}</th>
                <th scope="col">{t('finance.source')}</th>
                <th scope="col">{t('finance.matched')}</th>
                <th scope="col">{t('finance.ours')}</th>
                <th scope="col">{t('finance.theirs')}</th>
                <th scope="col">{t('finance.made')}</th>
              </tr>
            </thead>
            <tbody>
              {books.comparisons.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{dayOf(one.day, language)}</th>
                  <td>{textOr(t, `finance.source.${one.source}`, one.source)}</td>
                  <td>{one.matched}</td>
                  <td>{dong(one.ours, language)}</td>
                  <td>{dong(one.theirs, language)}</td>
                  <td>{dateTime(one.madeAt, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
