/** Why an instance waits, in words; what only watches beside the work comes last. */
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import type { Wait } from './types';

export function Why({ waits, own }: { waits: Wait[]; own: string }) {
  const { t, language } = useLanguage();
  return (
    <section aria-labelledby="why">
      <h2 id="why">{t('why.title')}</h2>
      {waits.length === 0 && <p className="empty">{t('why.nothing')}</p>}
      <ul className="why">
        {waits.map((wait, index) => (
          <li key={index} data-kind={wait.kind} data-beside={wait.beside}>
            {wait.path.length > 0 && <small>{wait.path.join(' › ')}</small>}
            {wait.text[language]}{' '}
            <span className="quiet">
              {wait.since && t('why.since', { at: dateTime(wait.since, language) })} {wait.dueAt && t('why.due', { at: dateTime(wait.dueAt, language) })}{' '}
              {wait.beside && t('why.beside')}
            </span>{' '}
            {wait.instanceKey !== own && <Link href={`/staff/console/instances/${wait.instanceKey}`}>{t('why.open')}</Link>}
          </li>
        ))}
      </ul>
    </section>
  );
}
