/** What other authorities ask of the own one; no answer in time counts as consent. */
import '../shared/tasklist.css';
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { ProblemNote, Tag } from '../shared/states';
import type { ConsultationItem } from '../shared/types';
import { useLoad } from '../shared/use-load';

export default function Consultations() {
  const { t, language } = useLanguage();
  const { data, problem, reload } = useLoad<{ items: ConsultationItem[] }>('/consultations', 60_000);
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const answer = (id: string) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    post(`/consultations/${id}/answer`, Object.fromEntries(new FormData(event.currentTarget))).then(
      () => (setFailure(null), reload()),
      (thrown: unknown) => setFailure(asProblem(thrown)),
    );
  };
  return (
    <>
      <h1>{t('consult.title')}</h1>
      <p className="quiet">{t('acts.silence')}</p>
      <ProblemNote problem={failure ?? problem} />
      {data?.items.length === 0 && <p className="empty">{t('consult.none')}</p>}
      {data?.items.map((each) => (
        <section className="panel" key={each.id}>
          <h2>
            {each.asking[language]} <Tag kind="warn">{t('consult.until', { time: dateTime(each.dueAt, language) })}</Tag>
          </h2>
          <p>
            <Link className="code" href={`/staff/tasklist/dossiers/${each.dossierCode}`}>
              {each.dossierCode}
            </Link>{' '}
            · {each.branchCode}
          </p>
          <p>{each.question}</p>
          <form className="stack" onSubmit={answer(each.id)}>
            <fieldset>
              <legend>{t('consult.opinion')}</legend>
              <label>
                <input type="radio" name="opinion" value="agree" required /> {t('opinion.agree')}
              </label>{' '}
              <label>
                <input type="radio" name="opinion" value="disagree" /> {t('opinion.disagree')}
              </label>
            </fieldset>
            <label>
              {t('consult.text')} <textarea name="text" rows={2} maxLength={2000} />
            </label>
            <button type="submit" className="button">
              {t('consult.send')}
            </button>
          </form>
        </section>
      ))}
    </>
  );
}
