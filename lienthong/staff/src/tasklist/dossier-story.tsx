import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Tag } from '../shared/states';
import type { BranchItem, DossierView } from '../shared/types';

const BRANCH_KINDS: Record<string, string> = { active: 'info', issued: 'good', refused: 'bad' };

function Branch({ branch }: { branch: BranchItem }) {
  const { t, language } = useLanguage();
  return (
    <li className={`branch ${branch.status} ${branch.late ? 'late' : ''}`}>
      <h3>
        {branch.code} · {branch.name[language]}
      </h3>
      <p className="quiet">{branch.authorityName[language]}</p>
      <p>
        <Tag kind={BRANCH_KINDS[branch.status] ?? ''}>{textOr(t, `branch.${branch.status}`, branch.status)}</Tag>{' '}
        {branch.late && <Tag kind="bad">{t('queue.overdue')}</Tag>}
      </p>
      <p className="quiet">
        {branch.finishedAt
          ? t('branch.finished', { time: dateTime(branch.finishedAt, language) })
          : t('task.due', { time: dateTime(branch.dueAt, language) })}
        {branch.resultNumber && ` · ${branch.resultNumber}`}
      </p>
    </li>
  );
}

export function DossierStory({ dossier }: { dossier: DossierView }) {
  const { t, language } = useLanguage();
  const facts: [string, string][] = [
    [t('dossier.applicant'), dossier.applicant],
    [t('dossier.organisation'), dossier.organisation],
    [t('dossier.personalNumber'), dossier.personalNumber],
    [t('dossier.phone'), dossier.phone],
    [t('dossier.channel'), textOr(t, `channel.${dossier.channel}`, dossier.channel)],
    [t('dossier.status'), textOr(t, `status.${dossier.status}`, dossier.status)],
    [t('dossier.payment'), textOr(t, `payment.${dossier.paymentStatus}`, dossier.paymentStatus)],
    [t('dossier.filed'), dateTime(dossier.filedAt, language)],
    [t('dossier.due'), dateTime(dossier.dueAt, language)],
  ];
  return (
    <section className="panel">
      <h2>{t('dossier.title')}</h2>
      <dl className="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <h2>{t('dossier.branches')}</h2>
      <ul className="branches">
        {dossier.branches.map((branch) => (
          <Branch key={branch.code} branch={branch} />
        ))}
      </ul>
      <details>
        <summary>{t('dossier.components', { count: dossier.components.length })}</summary>
        <ul className="plain">
          {dossier.components.map((each) => (
            <li key={`${each.branchCode}/${each.name}`}>
              {each.branchCode} · {each.name}{' '}
              <Tag kind={each.status === 'MISSING' ? 'bad' : 'good'}>{textOr(t, `component.${each.status}`, each.status)}</Tag>{' '}
              {each.provenance && <span className="quiet">{t('papers.from', { source: each.provenance })}</span>}
            </li>
          ))}
        </ul>
      </details>
      <h2>{t('dossier.timeline')}</h2>
      <ol className="timeline">
        {dossier.timeline.map((entry, index) => (
          <li key={`${entry.at}${index}`}>
            <time dateTime={entry.at}>{dateTime(entry.at, language)}</time> {entry.branchCode && <Tag kind="">{entry.branchCode}</Tag>}{' '}
            {entry.text[language]} {entry.actor && <span className="quiet">({entry.actor})</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
