/** What the citizen takes along: code, due time, the slip to print, and cash against a receipt when a fee is owed. */
import { useEffect, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

export interface Received {
  code: string;
  dueAt: string | null;
  slipId: string | null;
  missing: LocalText[];
}
interface PaymentAnswer {
  payment: {
    amount: number;
    status: string;
    lines: { procedureCode: string; name: string; amount: number; mark: string }[];
  } | null;
}
const money = (amount: number): string => `${amount.toLocaleString('vi-VN')} ₫`;
const printed = (id: string): string => `/api/documents/${id}/content?print=true`;

export function Cash({ code }: { code: string }) {
  const { t } = useLanguage();
  const { data, reload } = useLoad<PaymentAnswer>(`/reception/dossiers/${code}/payment`, 3000);
  const [receipt, setReceipt] = useState<{ receiptId: string; number: string } | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  useEffect(() => setReceipt(null), [code]);
  const payment = data?.payment;
  if (!payment) return <p className="quiet">{t('cash.notYet')}</p>;
  const take = (): void => {
    post<{ receiptId: string; number: string }>(`/reception/dossiers/${code}/cash`, { amount: payment.amount }).then(
      (made) => (setReceipt(made), setProblem(null), reload()),
      (failure: unknown) => setProblem(asProblem(failure)),
    );
  };
  return (
    <>
      <ul className="plain">
        {payment.lines.map((line) => (
          <li key={`${line.procedureCode}${line.name}`}>
            {line.procedureCode} · {line.name}: {money(line.amount)} <Tag kind="">{line.mark}</Tag>
          </li>
        ))}
      </ul>
      <p>
        <strong>{t('cash.total', { amount: money(payment.amount) })}</strong>{' '}
        {payment.status === 'paid' && <Tag kind="good">{t('cash.paid')}</Tag>}
      </p>
      <ProblemNote problem={problem} />
      {payment.status === 'pending' && payment.amount > 0 && (
        <button type="button" className="button" onClick={take}>
          {t('cash.take')}
        </button>
      )}
      {receipt && (
        <a className="button second" href={printed(receipt.receiptId)} target="_blank" rel="noopener">
          {t('cash.receipt', { number: receipt.number })}
        </a>
      )}
    </>
  );
}

export function CounterResult({ received, onAgain }: { received: Received; onAgain: () => void }) {
  const { t, language } = useLanguage();
  return (
    <>
      <h1>{t('reception.done')}</h1>
      <section className="panel" role="status">
        <p className="ticket-number code">{received.code}</p>
        <p>{t('task.due', { time: dateTime(received.dueAt, language) })}</p>
        {received.missing.length > 0 && (
          <p className="notice warn">{t('reception.missing', { names: received.missing.map((each) => each[language]).join(', ') })}</p>
        )}
        <div className="bar">
          {received.slipId && (
            <a className="button" href={printed(received.slipId)} target="_blank" rel="noopener" autoFocus>
              {t('reception.printSlip')}
            </a>
          )}
          <Link className="button second" href={`/staff/tasklist/dossiers/${received.code}`}>
            {t('reception.openDossier')}
          </Link>
          <button type="button" className="button second" onClick={onAgain}>
            {t('reception.next')}
          </button>
        </div>
      </section>
      <section className="panel">
        <h2>{t('cash.title')}</h2>
        <Cash code={received.code} />
      </section>
    </>
  );
}
