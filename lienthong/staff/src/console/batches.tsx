/** All batches with progress, pause, undo and their reports; moves that wait for a second administrator. */
import { useState } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { useSession } from '../shared/session';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { MoveJob } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { useAct } from '../shared/use-act';
import { MoveJobCard } from './move-job';
import type { MoveOrderItem } from './types';

const REFRESH_MS = 5000;
const ORDER_KINDS: Record<MoveOrderItem['state'], string> = { waiting: 'warn', approved: 'good', refused: 'bad' };

function OrderCard({ order, onDone }: { order: MoveOrderItem; onDone: () => void }) {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const [note, setNote] = useState('');
  const { busy, problem, act } = useAct();
  const mine = order.askedBy === session?.user?.username;
  const decide = (how: 'approval' | 'refusal'): Promise<boolean> =>
    act(async () => {
      await post(`/redeploy/orders/${order.id}/${how}`, { note });
      onDone();
    });
  return (
    <article className="card" data-order={order.state}>
      <h3>
        {t('orders.order', { count: order.instances, processes: order.processes.join(', ') })}{' '}
        <Tag kind={ORDER_KINDS[order.state]}>{t(`orders.state.${order.state}`)}</Tag>
      </h3>
      <p className="quiet">
        {t('orders.askedBy', { name: order.askedBy, at: dateTime(order.askedAt, language) })}{' '}
        {order.startAt && t('batches.startsAt', { at: dateTime(order.startAt, language) })}{' '}
        {order.decidedBy && t('orders.decidedBy', { name: order.decidedBy, at: dateTime(order.decidedAt, language) })} {order.note}
      </p>
      <ProblemNote problem={problem} />
      {order.state === 'waiting' && (
        <div className="actions">
          <label>
            {t('orders.note')} <input value={note} onChange={(event) => setNote(event.target.value)} />
          </label>
          {mine ? (
            <span className="quiet">{t('orders.another')}</span>
          ) : (
            <button type="button" className="button" disabled={busy} onClick={() => void decide('approval')}>
              {t('orders.approve')}
            </button>
          )}
          <button type="button" className="button second" disabled={busy} onClick={() => void decide('refusal')}>
            {t(mine ? 'orders.takeBack' : 'orders.refuse')}
          </button>
        </div>
      )}
    </article>
  );
}

export default function Batches() {
  const { t } = useLanguage();
  const jobs = useLoad<{ jobs: MoveJob[] }>('/redeploy/jobs', REFRESH_MS);
  const orders = useLoad<{ twoPersons: boolean; orders: MoveOrderItem[] }>('/redeploy/orders', REFRESH_MS);
  if (!jobs.data || !orders.data) return jobs.problem ? <ProblemNote problem={jobs.problem} /> : <Loading />;
  const decided = (): void => {
    orders.reload();
    jobs.reload();
  };
  return (
    <>
      <h1>{t('batches.title')}</h1>
      <p className="quiet">{t(orders.data.twoPersons ? 'orders.needed' : 'orders.notNeeded')}</p>
      {orders.data.orders.map((order) => (
        <OrderCard key={order.id} order={order} onDone={decided} />
      ))}
      {jobs.data.jobs.length === 0 && <p className="empty">{t('batches.none')}</p>}
      {jobs.data.jobs.map((job) => (
        <MoveJobCard key={job.id} id={job.id} onChange={jobs.reload} />
      ))}
    </>
  );
}
