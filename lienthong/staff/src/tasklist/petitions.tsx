/** Petitions and objections that the own authorities have to answer, the one due first at the top. */
import '../shared/tasklist.css';
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote, Tag } from '../shared/states';
import { useLoad } from '../shared/use-load';

interface PetitionRow {
  code: string;
  kind: string;
  subject: string;
  authorityVi: string;
  authorityEn: string;
  dossierCode: string | null;
  status: string;
  receivedAt: string;
  dueAt: string;
  late: boolean;
}
interface Petition extends PetitionRow {
  body: string;
  authorName: string;
  authorPhone: string;
  answer: string;
  outcome: string | null;
  answeredAt: string | null;
  answeredBy: string | null;
}
const OUTCOMES = ['upheld', 'partly', 'rejected', 'explained'];

function Whole({ code, onDone }: { code: string; onDone: () => void }) {
  const { t, language } = useLanguage();
  const { data, problem, reload } = useLoad<Petition>(`/petitions/${code}`);
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    post(`/petitions/${code}/answer`, Object.fromEntries(new FormData(event.currentTarget))).then(
      () => (setFailure(null), reload(), onDone()),
      (thrown: unknown) => setFailure(asProblem(thrown)),
    );
  };
  return (
    <div className="comments">
      <p>{data.body}</p>
      <p className="quiet">
        {data.authorName} {data.authorPhone}
      </p>
      {data.dossierCode && (
        <p>
          <Link className="code" href={`/staff/tasklist/dossiers/${data.dossierCode}`}>
            {data.dossierCode}
          </Link>
        </p>
      )}
      {data.answeredAt ? (
        <p className="notice good">
          {t('petition.answered', { name: data.answeredBy ?? '', time: dateTime(data.answeredAt, language) })}{' '}
          {data.outcome && textOr(t, `petition.outcome.${data.outcome}`, data.outcome)}: {data.answer}
        </p>
      ) : (
        <form className="stack" onSubmit={send}>
          <label>
            {t('petition.outcome')}{' '}
            <select name="outcome">
              {OUTCOMES.map((each) => (
                <option key={each} value={each}>
                  {textOr(t, `petition.outcome.${each}`, each)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('consult.text')} <textarea name="text" rows={4} minLength={10} maxLength={5000} required />
          </label>
          <button type="submit" className="button">
            {t('petition.send')}
          </button>
          <ProblemNote problem={failure} />
        </form>
      )}
    </div>
  );
}

export default function Petitions() {
  const { t, language } = useLanguage();
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState('');
  const { data, problem, reload } = useLoad<{ items: PetitionRow[] }>(`/petitions?all=${all}`, 60_000);
  return (
    <>
      <h1>{t('petition.title')}</h1>
      <label className="check">
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> {t('petition.all')}
      </label>
      <ProblemNote problem={problem} />
      {data?.items.length === 0 && <p className="empty">{t('petition.none')}</p>}
      {data?.items.map((each) => (
        <section className="panel" key={each.code}>
          <h2>
            <button type="button" className="link" aria-expanded={open === each.code} onClick={() => setOpen(open === each.code ? '' : each.code)}>
              {each.code} · {each.subject}
            </button>
          </h2>
          <p>
            <Tag kind="">{textOr(t, `petition.kind.${each.kind}`, each.kind)}</Tag>{' '}
            <Tag kind={each.late ? 'bad' : 'info'}>{t('consult.until', { time: dateTime(each.dueAt, language) })}</Tag>{' '}
            <span className="quiet">{language === 'vi' ? each.authorityVi : each.authorityEn}</span>
          </p>
          {open === each.code && <Whole code={each.code} onDone={reload} />}
        </section>
      ))}
    </>
  );
}
