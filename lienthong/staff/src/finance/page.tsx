/** Money after the payment: refunds, money on top, differences, and what each authority is due. */
import './texts';
import '../shared/tasklist.css';
import { useState } from 'react';
import { post } from '../shared/api';
import { textOr, useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useAct } from '../shared/use-act';
import { useLoad } from '../shared/use-load';
import { AskRefund } from './ask-refund';
import { Differences } from './differences';
import { dong } from './money';
import { RefundRow } from './refund-row';
import type { Overview, Share, Surplus } from './types';

function Surpluses({ rows, asks, onDone }: { rows: Surplus[]; asks: boolean; onDone: () => void }) {
  const { t, language } = useLanguage();
  const { busy, problem, act } = useAct();
  const ask = (one: Surplus): void =>
    void act(async () => {
      await post('/finance/refunds', { paymentId: one.paymentId, transactionId: one.transactionId, reason: t('finance.surplusReason') });
      onDone();
    });
  if (rows.length === 0) return null;
  return (
    <section aria-label={t('finance.surpluses')}>
      <h2>{t('finance.surpluses')}</h2>
      <ProblemNote problem={problem} />
      <ul className="plain">
        {rows.map((one) => (
          <li className="panel" key={one.transactionId}>
            <span className="code">{one.dossierCode}</span> {one.transactionId} · {dong(one.amount, language)}{' '}
            <Tag kind="warn">{textOr(t, `finance.surplus.${one.outcome}`, one.outcome)}</Tag>{' '}
            {asks && (
              <button type="button" className="button second" disabled={busy} onClick={() => ask(one)}>
                {t('finance.ask')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Shares({ rows }: { rows: Share[] }) {
  const { t, language } = useLanguage();
  if (rows.length === 0) return <p className="empty">{t('finance.noShare')}</p>;
  const total = rows.reduce((sum, one) => sum + one.due, 0);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('finance.shares')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('finance.authority')}</th>
            <th scope="col">{t('finance.procedure')}</th>
            <th scope="col">{t('finance.payments')}</th>
            <th scope="col">{t('finance.collected')}</th>
            <th scope="col">{t('finance.refunded')}</th>
            <th scope="col">{t('finance.due')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={`${one.authorityId}/${one.procedureCode}/${one.feeItem}`}>
              <th scope="row">{one.name[language]}</th>
              <td>{one.procedureCode}</td>
              <td>{one.payments}</td>
              <td>{dong(one.collected, language)}</td>
              <td>{dong(one.refunded, language)}</td>
              <td>{dong(one.due, language)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={5}>
              {t('finance.total')}
            </th>
            <td>{dong(total, language)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

export default function FinancePage() {
  const { t } = useLanguage();
  const [span, setSpan] = useState({ first: '', last: '' });
  const query = span.first && span.last ? `?first=${span.first}&last=${span.last}` : '';
  const { data, problem, reload } = useLoad<Overview>(`/finance${query}`);
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  return (
    <>
      <h1>{t('finance.title')}</h1>
      <section aria-label={t('finance.refunds')}>
        <h2>{t('finance.refunds')}</h2>
        {data.refunds.length === 0 && <p className="empty">{t('finance.noRefund')}</p>}
        {data.refunds.map((one) => (
          <RefundRow key={`${one.id}/${one.state}`} refund={one} onDone={reload} />
        ))}
        {data.accountant && <AskRefund onDone={reload} />}
      </section>
      <Surpluses rows={data.surpluses} asks={data.accountant} onDone={reload} />
      {data.books && <Differences books={data} onDone={reload} />}
      {data.books && <SharesOf data={data} span={span} onSpan={setSpan} />}
    </>
  );
}

interface Span {
  first: string;
  last: string;
}

function SharesOf({ data, span, onSpan }: { data: Overview; span: Span; onSpan: (span: Span) => void }) {
  const { t } = useLanguage();
  return (
    <section aria-label={t('finance.shares')}>
      <h2>{t('finance.shares')}</h2>
      <div className="find">
        <label>
          {t('finance.first')}{' '}
          <input type="date" value={span.first || data.first} onChange={(event) => onSpan({ first: event.target.value, last: span.last || data.last })} />
        </label>
        <label>
          {t('finance.last')}{' '}
          <input type="date" value={span.last || data.last} onChange={(event) => onSpan({ first: span.first || data.first, last: event.target.value })} />
        </label>
      </div>
      <Shares rows={data.shares} />
    </section>
  );
}
