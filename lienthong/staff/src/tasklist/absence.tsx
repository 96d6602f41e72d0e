/** Who stands in for whom, from when to when; one appoints for oneself, a head for the unit. */
import '../shared/tasklist.css';
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post, remove } from '../shared/api';
import { useT } from '../shared/i18n';
import { useSession } from '../shared/session';
import { ProblemNote } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { PersonChooser } from './person-chooser';

interface Person {
  username: string;
  displayName: string;
}
interface Substitution {
  id: string;
  absent: Person;
  substitute: Person;
  firstDay: string;
  lastDay: string;
  reason: string;
}
const day = (iso: string): string => iso.split('-').reverse().join('/');

export default function Absence() {
  const t = useT();
  const { session } = useSession();
  const { data, problem, reload } = useLoad<{ items: Substitution[] }>('/substitutions');
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const [absent, setAbsent] = useState(session?.user?.username ?? '');
  const [substitute, setSubstitute] = useState('');
  const act = (work: Promise<unknown>): void => {
    work.then(
      () => (setFailure(null), reload()),
      (thrown: unknown) => setFailure(asProblem(thrown)),
    );
  };
  const appoint = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    act(post('/substitutions', { ...fields, absent, substitute }));
  };
  return (
    <>
      <h1>{t('absence.title')}</h1>
      <p className="quiet">{t('absence.explain')}</p>
      <ProblemNote problem={failure ?? problem} />
      {data?.items.length === 0 && <p className="empty">{t('absence.none')}</p>}
      <ul className="models">
        {data?.items.map((each) => (
          <li key={each.id}>
            <div>
              {t('absence.line', { substitute: each.substitute.displayName, absent: each.absent.displayName })}
              <div className="quiet">
                {day(each.firstDay)} – {day(each.lastDay)} {each.reason && `· ${each.reason}`}
              </div>
            </div>
            <button type="button" className="button second" onClick={() => act(remove(`/substitutions/${each.id}`))}>
              {t('absence.end')}
            </button>
          </li>
        ))}
      </ul>
      <section className="panel">
        <h2>{t('absence.appoint')}</h2>
        <form className="stack" onSubmit={appoint}>
          <PersonChooser value={absent} taskKey="" label={t('absence.absent')} onChange={setAbsent} />
          <PersonChooser value={substitute} taskKey="" label={t('absence.substitute')} onChange={setSubstitute} />
          <label>
            {t('absence.first')} <input type="date" name="firstDay" required />
          </label>
          <label>
            {t('absence.last')} <input type="date" name="lastDay" required />
          </label>
          <label>
            {t('task.reason')} <input name="reason" maxLength={500} />
          </label>
          <button type="submit" className="button" disabled={!absent || !substitute}>
            {t('absence.appoint')}
          </button>
        </form>
      </section>
    </>
  );
}
