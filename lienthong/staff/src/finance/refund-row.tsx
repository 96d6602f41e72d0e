/** One refund that waits: what, why, and what the present viewer may do about it. */
import { useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { ProblemNote, Tag } from '../shared/states';
import { useAct } from '../shared/use-act';
import { dong } from './money';
import type { RefundItem } from './types';

export function RefundRow({ refund, onDone }: { refund: RefundItem; onDone: () => void }) {
  const { t, language } = useLanguage();
  const [text, setText] = useState('');
  const { busy, problem, act } = useAct();
  const send = (path: string, body: unknown): void =>
    void act(async () => {
      await post(`/finance/refunds/${refund.id}/${path}`, body);
      onDone();
    });
  const decides = refund.state === 'requested' && refund.mayDecide;
  const carries = refund.state === 'approved' && refund.mayCarryOut;
  return (
    <section className="panel">
      <h3>
        <Link className="code" href={`/staff/tasklist/dossiers/${refund.dossierCode}`}>
          {refund.dossierCode}
        </Link>{' '}
        {refund.procedureCode} · {dong(refund.amount, language)}{' '}
        <Tag kind={refund.state === 'approved' ? 'good' : 'info'}>{textOr(t, `finance.state.${refund.state}`, refund.state)}</Tag>
      </h3>
      <p>{refund.reason}</p>
      <p className="quiet">{t('finance.askedBy', { name: refund.requestedBy, time: dateTime(refund.requestedAt, language) })}</p>
      {(decides || carries) && (
        <form className="stack" onSubmit={(event) => (event.preventDefault(), carries && send('done', { reference: text }))}>
          <label>
            {decides ? t('finance.note') : t('finance.reference')}
            <input value={text} onChange={(event) => setText(event.target.value)} required={carries} maxLength={decides ? 1000 : 100} />
          </label>
          <div className="actions">
            {decides && (
              <>
                <button type="button" className="button" disabled={busy} onClick={() => send('decision', { approved: true, note: text })}>
                  {t('finance.approve')}
                </button>
                <button type="button" className="button danger" disabled={busy} onClick={() => send('decision', { approved: false, note: text })}>
                  {t('finance.reject')}
                </button>
              </>
            )}
            {carries && (
              <button type="submit" className="button" disabled={busy}>
                {t('finance.done')}
              </button>
            )}
          </div>
        </form>
      )}
      <ProblemNote problem={problem} />
    </section>
  );
}
