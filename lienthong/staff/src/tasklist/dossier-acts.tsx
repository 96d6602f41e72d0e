/** Acts outside the form, for whoever may: set a new date with its letter, consult another body, stop, re-open, transfer. */
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { ProblemNote, Said, Tag } from '../shared/states';
import type { ConsultationItem, DossierView, LocalText } from '../shared/types';

export interface DossierAnswer {
  dossier: DossierView;
  mayStop: boolean;
  mayHandle: string[];
  mayReopen: boolean;
  mayTransfer: string[];
  authorities: { id: string; name: LocalText }[];
}
interface Props {
  answer: DossierAnswer;
  onDone: () => void;
}

export function ConsultationList({ items }: { items: ConsultationItem[] }) {
  const { t, language } = useLanguage();
  return (
    <ul className="plain">
      {items.map((each) => (
        <li key={each.id}>
          <Tag kind="">{each.branchCode}</Tag> {each.asked[language]}: {each.question}{' '}
          <Tag kind={each.opinion === 'disagree' ? 'bad' : each.opinion ? 'good' : 'info'}>
            {each.opinion ? textOr(t, `opinion.${each.opinion}`, each.opinion) : t('consult.until', { time: dateTime(each.dueAt, language) })}
          </Tag>{' '}
          {each.answer}
        </li>
      ))}
    </ul>
  );
}

export default function DossierActs({ answer, onDone }: Props) {
  const { t, language } = useLanguage();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [said, setSaid] = useState('');
  const { dossier, mayHandle, mayStop, mayReopen, mayTransfer, authorities } = answer;
  const send = (path: string, done: string) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields: Record<string, unknown> = Object.fromEntries(new FormData(form));
    if ('workingDays' in fields) fields['workingDays'] = Number(fields['workingDays']);
    post(`/dossiers/${dossier.code}/${path}`, fields).then(
      () => (setProblem(null), setSaid(done), form.reset(), onDone()),
      (failure: unknown) => (setProblem(asProblem(failure)), setSaid('')),
    );
  };
  const bodies = authorities.map((each) => (
    <option key={each.id} value={each.id}>
      {each.name[language]}
    </option>
  ));
  const branch = (allowed: string[]) => (
    <label>
      {t('acts.branch')}{' '}
      <select name="branchCode">
        {dossier.branches
          .filter((each) => allowed.includes(each.code))
          .map((each) => (
            <option key={each.code} value={each.code}>
              {each.code} · {each.name[language]}
            </option>
          ))}
      </select>
    </label>
  );
  return (
    <section className="panel" aria-label={t('acts.title')}>
      <h2>{t('acts.title')}</h2>
      <ProblemNote problem={problem} />
      <Said text={said} />
      <ConsultationList items={dossier.consultations} />
      {mayHandle.length > 0 && (
        <>
          <details>
            <summary>{t('acts.extend')}</summary>
            <p className="quiet">{t('acts.extendRule')}</p>
            <form className="stack" onSubmit={send('extension', t('acts.extended'))}>
              {branch(mayHandle)}
              <label>
                {t('acts.days')} <input name="workingDays" type="number" min={1} max={60} defaultValue={3} required />
              </label>
              <label>
                {t('task.reason')} <textarea name="reason" rows={2} required maxLength={1000} />
              </label>
              <button type="submit" className="button second">
                {t('acts.extend')}
              </button>
            </form>
          </details>
          <details>
            <summary>{t('acts.consult')}</summary>
            <form className="stack" onSubmit={send('consultations', t('acts.consulted'))}>
              {branch(mayHandle)}
              <label>
                {t('acts.asked')}{' '}
                <select name="askedAuthorityId">{bodies}</select>
              </label>
              <label>
                {t('acts.question')} <textarea name="question" rows={3} required maxLength={2000} />
              </label>
              <label>
                {t('acts.days')} <input name="workingDays" type="number" min={1} max={30} defaultValue={2} required />
              </label>
              <p className="quiet">{t('acts.silence')}</p>
              <button type="submit" className="button second">
                {t('acts.consult')}
              </button>
            </form>
          </details>
        </>
      )}
      {mayStop && (
        <details>
          <summary>{t('acts.stop')}</summary>
          <form className="stack" onSubmit={send('stop', t('acts.stopped'))}>
            <label>
              {t('acts.ground')} <textarea name="reason" rows={2} required maxLength={1000} />
            </label>
            <button type="submit" className="button danger">
              {t('acts.stop')}
            </button>
          </form>
        </details>
      )}
      {mayTransfer.length > 0 && (
        <details>
          <summary>{t('acts.transfer')}</summary>
          <form className="stack" onSubmit={send('transfer', t('acts.transferred'))}>
            {branch(mayTransfer)}
            <label>
              {t('acts.transferTo')}{' '}
              <select name="authorityId">{bodies}</select>
            </label>
            <label>
              {t('task.reason')} <textarea name="reason" rows={2} required maxLength={1000} />
            </label>
            <button type="submit" className="button second">
              {t('acts.transfer')}
            </button>
          </form>
        </details>
      )}
      {mayReopen && (
        <details>
          <summary>{t('acts.reopen')}</summary>
          <p className="quiet">{t('acts.reopenRule')}</p>
          <form className="stack" onSubmit={send('reopen', t('acts.reopened'))}>
            <label>
              {t('task.reason')} <textarea name="reason" rows={2} required maxLength={1000} />
            </label>
            <button type="submit" className="button">
              {t('acts.reopen')}
            </button>
          </form>
        </details>
      )}
      {!mayStop && !mayReopen && mayTransfer.length === 0 && mayHandle.length === 0 && <p className="quiet">{t('acts.none')}</p>}
    </section>
  );
}
