/** What one was told: called in a comment, given a task, answered a consultation. */
import '../shared/tasklist.css';
import { useEffect } from 'react';
import { post } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { ProblemNote } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

interface Notice {
  id: string;
  text: LocalText;
  at: string;
  read: boolean;
}
const CODE = /\d{3}\.\d{2}\.\d{2}\.H\d{2}-\d{6}-\d{4,}/;

export default function Notices() {
  const { t, language } = useLanguage();
  const { data, problem } = useLoad<{ unread: number; items: Notice[] }>('/notices');
  useEffect(() => {
    if (data && data.unread > 0) void post('/notices/read');
  }, [data]);
  return (
    <>
      <h1>{t('nav.notices')}</h1>
      <ProblemNote problem={problem} />
      {data?.items.length === 0 && <p className="empty">{t('notice.none')}</p>}
      <ol className="comments">
        {data?.items.map((each) => {
          const code = CODE.exec(each.text.vi)?.[0];
          return (
            <li key={each.id} className={each.read ? '' : 'unread'}>
              <time dateTime={each.at}>{dateTime(each.at, language)}</time>
              <p>
                {each.text[language]} {code && <Link href={`/staff/tasklist/dossiers/${code}`}>{t('notice.open')}</Link>}
              </p>
            </li>
          );
        })}
      </ol>
    </>
  );
}
