/** Asking for a refund: the payment of a dossier, whole or one procedure of it, and why. */
import { type FormEvent, useState } from 'react';
import { get, post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { ProblemNote, Said } from '../shared/states';
import { useAct } from '../shared/use-act';
import { dong } from './money';
import type { PaymentAnswer } from './types';

export function AskRefund({ onDone }: { onDone: () => void }) {
  const { t, language } = useLanguage();
  const [found, setFound] = useState<PaymentAnswer | null>(null);
  const [said, setSaid] = useState('');
  const { busy, problem, act } = useAct();
  const look = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code')).trim();
    setSaid('');
    void act(async () => setFound(await get<PaymentAnswer>(`/finance/payments/${encodeURIComponent(code)}`)));
  };
  const ask = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    void act(async () => {
      await post('/finance/refunds', { ...fields, paymentId: found?.payment?.id });
      setFound(null);
      setSaid(t('finance.asked'));
      onDone();
    });
  };
  const payment = found?.payment;
  return (
    <details>
      <summary>{t('finance.ask')}</summary>
      <form className="find" onSubmit={look}>
        <label>
          {t('finance.dossier')} <input name="code" required />
        </label>
        <button type="submit" className="button second" disabled={busy}>
          {t('finance.look')}
        </button>
      </form>
      <ProblemNote problem={problem} />
      <Said text={said} />
      {found && !payment && <p className="empty">{t('finance.noPayment')}</p>}
      {payment && (
        <form className="stack" onSubmit={ask}>
          <label>
            {t('finance.part')}{' '}
            <select name="procedureCode">
              <option value="">
                {t('finance.whole')} · {dong(payment.amount, language)}
              </option>
              {payment.lines
                .filter((line) => line.amount > 0)
                .map((line) => (
                  <option key={line.procedureCode} value={line.procedureCode}>
                    {line.procedureCode} · {dong(line.amount, language)}
                  </option>
                ))}
            </select>
          </label>
          <label>
            {t('finance.reason')} <textarea name="reason" rows={2} required maxLength={1000} />
          </label>
          <button type="submit" className="button" disabled={busy}>
            {t('finance.ask')}
          </button>
        </form>
      )}
    </details>
  );
}
