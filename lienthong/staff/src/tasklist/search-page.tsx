/** Dossiers by any words of theirs, with and without diacritics, or by a code that a reader types. */
import '../shared/tasklist.css';
import { useEffect, useState } from 'react';
import { dateTime } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { setQuery, useQuery } from '../shared/router';
import { ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

interface Found {
  code: string;
  title: LocalText;
  applicant: string;
  status: string;
  filedAt: string;
  dueAt: string | null;
  late: boolean;
}
const TYPING_MS = 300;

export default function SearchPage() {
  const { t, language } = useLanguage();
  const text = useQuery().get('text') ?? '';
  const [typed, setTyped] = useState(text);
  const [befores, setBefores] = useState<number[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => (setBefores([]), setQuery({ text: typed.trim() })), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const query = new URLSearchParams({ text, before: String(befores.at(-1) ?? 0) });
  const { data, problem } = useLoad<{ items: Found[]; before: number }>(text ? `/search?${query}` : null);
  return (
    <>
      <h1>{t('search.title')}</h1>
      <label className="search">
        <span>{t('search.label')}</span>
        <input type="search" value={typed} autoFocus onChange={(event) => setTyped(event.target.value)} />
      </label>
      <ProblemNote problem={problem} />
      {data?.items.length === 0 && <p className="empty">{t('search.nothing')}</p>}
      <ol className="tasks">
        {data?.items.map((each) => (
          <li key={each.code} className={`task found ${each.late ? 'late' : ''}`}>
            <div>
              <Link href={`/staff/tasklist/dossiers/${each.code}`} className="task-link code">
                {each.code}
              </Link>
              <div>{each.applicant}</div>
              <div className="quiet">{each.title[language]}</div>
            </div>
            <div className="task-time">
              <Tag kind="">{textOr(t, `status.${each.status}`, each.status)}</Tag>
              <span className="quiet">{t('dossier.filed')}: {dateTime(each.filedAt, language)}</span>
              <span className="quiet">{t('dossier.due')}: {dateTime(each.dueAt, language)}</span>
              {each.late && <Tag kind="bad">{t('queue.overdue')}</Tag>}
            </div>
          </li>
        ))}
      </ol>
      {(befores.length > 0 || (data?.before ?? 0) > 0) && (
        <nav className="bar" aria-label={t('queue.pages')}>
          <button type="button" className="button second" disabled={befores.length === 0} onClick={() => setBefores((old) => old.slice(0, -1))}>
            {t('queue.previousPage')}
          </button>
          <button type="button" className="button second" disabled={!data?.before} onClick={() => data && setBefores((old) => [...old, data.before])}>
            {t('queue.nextPage')}
          </button>
        </nav>
      )}
    </>
  );
}
