/** What staff say to one another about a dossier; the applicant does not see it. */
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { DossierView } from '../shared/types';
import { PersonChooser } from './person-chooser';

interface Props {
  dossier: DossierView;
  branchCode: string;
  onDone: () => void;
}

export function Comments({ dossier, branchCode, onDone }: Props) {
  const { t, language } = useLanguage();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    post(`/dossiers/${dossier.code}/comments`, { text, branchCode }).then(
      () => (setText(''), setProblem(null), onDone()),
      (failure: unknown) => setProblem(asProblem(failure)),
    );
  };
  return (
    <section className="panel" aria-label={t('comment.title')}>
      <h2>{t('comment.title')}</h2>
      <p className="quiet">{t('comment.explain')}</p>
      <ol className="comments">
        {dossier.comments.map((comment) => (
          <li key={comment.id}>
            <strong>{comment.author}</strong> <time dateTime={comment.at}>{dateTime(comment.at, language)}</time>
            <p>{comment.text}</p>
          </li>
        ))}
      </ol>
      <form onSubmit={send} className="stack">
        <label>
          {t('comment.write')}
          <textarea rows={3} value={text} maxLength={4000} required onChange={(event) => setText(event.target.value)} />
        </label>
        <div className="bar">
          <PersonChooser
            value=""
            taskKey=""
            label={t('comment.mention')}
            onChange={(username) => username && setText((old) => `${old}${old && !old.endsWith(' ') ? ' ' : ''}@${username} `)}
          />
          <button type="submit" className="button second">
            {t('comment.send')}
          </button>
        </div>
      </form>
      <ProblemNote problem={problem} />
    </section>
  );
}
