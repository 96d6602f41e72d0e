/** Queue tickets of one desk: give a number, call the next to one's window, and the display for those who wait. */
import '../shared/tasklist.css';
import { useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { useT } from '../shared/i18n';
import { setQuery, useQuery } from '../shared/router';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';

interface Ticket {
  id: string;
  number: number;
  window: string;
  essential: boolean;
}
interface Room {
  called: Ticket[];
  waiting: Ticket[];
  served: number;
}
const REFRESH_MS = 2000;
const WINDOW = 'lt-window';

function Display({ room }: { room: Room }) {
  const t = useT();
  return (
    <div className="display" aria-live="polite">
      {room.called.map((ticket) => (
        <p key={ticket.id}>
          <span className="ticket-number">{ticket.number}</span> {t('ticket.toWindow', { window: ticket.window })}
        </p>
      ))}
      {room.called.length === 0 && <p>{t('ticket.nobodyCalled')}</p>}
      <p className="quiet">{t('ticket.waiting', { count: room.waiting.length })}</p>
    </div>
  );
}

export default function WaitingRoom({ deskId }: { deskId: string }) {
  const t = useT();
  const display = useQuery().get('display') === '1';
  const { data, problem, reload } = useLoad<Room>(`/reception/tickets/${deskId}`, REFRESH_MS);
  const [place, setPlace] = useState(localStorage.getItem(WINDOW) ?? '1');
  const [essential, setEssential] = useState(false);
  const [given, setGiven] = useState<Ticket | null>(null);
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const act = (work: Promise<unknown>): void => {
    work.then(
      () => (setFailure(null), reload()),
      (thrown: unknown) => setFailure(asProblem(thrown)),
    );
  };
  if (problem && !data) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  if (display)
    return (
      <>
        <h1>{t('ticket.display')}</h1>
        <Display room={data} />
        <button type="button" className="link" onClick={() => setQuery({ display: '' })}>
          {t('ticket.leaveDisplay')}
        </button>
      </>
    );
  const mine = data.called.find((ticket) => ticket.window === place);
  return (
    <>
      <div className="task-head">
        <h1>{t('ticket.title')}</h1>
        <button type="button" className="button second" onClick={() => setQuery({ display: '1' })}>
          {t('ticket.display')}
        </button>
      </div>
      <ProblemNote problem={failure} />
      <div className="two">
        <section className="panel">
          <h2>{t('ticket.issue')}</h2>
          <label className="check">
            <input type="checkbox" checked={essential} onChange={(event) => setEssential(event.target.checked)} /> {t('ticket.priority')}
          </label>
          <p>
            <button
              type="button"
              className="button"
              onClick={() => act(post<Ticket>('/reception/tickets', { deskId, essential }).then(setGiven).then(() => setEssential(false)))}
            >
              {t('ticket.give')}
            </button>
          </p>
          {given && (
            <p role="status">
              {t('ticket.given')} <span className="ticket-number">{given.number}</span>
            </p>
          )}
        </section>
        <section className="panel">
          <h2>{t('ticket.call')}</h2>
          <label>
            {t('ticket.window')}{' '}
            <input
              value={place}
              size={4}
              maxLength={20}
              onChange={(event) => {
                setPlace(event.target.value);
                localStorage.setItem(WINDOW, event.target.value);
              }}
            />
          </label>
          <p className="bar">
            <button type="button" className="button" disabled={!place} onClick={() => act(post('/reception/tickets/next', { deskId, window: place }))}>
              {t('ticket.next')}
            </button>
            {mine && (
              <>
                <span className="ticket-number">{mine.number}</span>
                <button type="button" className="button second" onClick={() => act(post(`/reception/tickets/${mine.id}/end`))}>
                  {t('ticket.served')}
                </button>
                <button type="button" className="button second" onClick={() => act(post(`/reception/tickets/${mine.id}/end?absent=true`))}>
                  {t('ticket.absent')}
                </button>
              </>
            )}
          </p>
          <p className="quiet">
            {t('ticket.waiting', { count: data.waiting.length })} · {t('ticket.servedToday', { count: data.served })}
          </p>
          <p>
            {data.waiting.slice(0, 20).map((ticket) => (
              <Tag key={ticket.id} kind={ticket.essential ? 'warn' : ''}>
                {ticket.number}
              </Tag>
            ))}
          </p>
        </section>
      </div>
      <Display room={data} />
    </>
  );
}
