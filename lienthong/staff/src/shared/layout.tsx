import { type ReactNode, useEffect } from 'react';
import { useT } from './i18n';
import { LanguageSwitch } from './language-switch';
import { Link } from './link';
import { handles, holdsConsole, holdsTasklist, leads, oversees, receives, seesMoney, useSession } from './session';
import { useUnread } from './live';

interface Entry {
  href: string;
  label: string;
  shown: boolean;
  exact?: boolean;
}

function NoticeLink() {
  const t = useT();
  const unread = useUnread();
  return (
    <Link href="/staff/tasklist/notices">
      {t('nav.notices')}
      {unread > 0 && <span className="bell"> {unread}</span>}
    </Link>
  );
}

export function Layout({ path, children }: { path: string; children: ReactNode }) {
  const t = useT();
  const { session, signOut } = useSession();
  const user = session?.user;
  useEffect(() => {
    document.title = `${path.startsWith('/staff/console') ? t('nav.console') : t('nav.tasklist')} · Liên Thông`;
  }, [path, t]);
  if (!user) return null;
  const entries: Entry[] = [
    { href: '/staff/tasklist', label: t('nav.tasklist'), shown: holdsTasklist(user), exact: true },
    { href: '/staff/tasklist/search', label: t('nav.search'), shown: holdsTasklist(user) },
    { href: '/staff/tasklist/reception', label: t('nav.reception'), shown: receives(user) },
    { href: '/staff/tasklist/consultations', label: t('nav.consultations'), shown: handles(user) },
    { href: '/staff/tasklist/petitions', label: t('nav.petitions'), shown: receives(user) || leads(user) },
    { href: '/staff/tasklist/leader', label: t('nav.leader'), shown: leads(user) },
    { href: '/staff/tasklist/finance', label: t('nav.finance'), shown: seesMoney(user) },
    { href: '/staff/tasklist/late-lists', label: t('nav.lateLists'), shown: oversees(user) },
    { href: '/staff/console', label: t('nav.definitions'), shown: holdsConsole(user), exact: true },
    { href: '/staff/console/models', label: t('nav.models'), shown: holdsConsole(user) },
    { href: '/staff/console/incidents', label: t('nav.incidents'), shown: holdsConsole(user) },
  ];
  const isHere = (entry: Entry): boolean =>
    entry.href === '/staff/tasklist'
      ? /^\/staff\/tasklist(\/\d+)?$/.test(path)
      : entry.exact
      ? path === entry.href || (path.startsWith('/staff/console/') && !/^\/staff\/console\/(models|incidents)/.test(path))
      : path.startsWith(entry.href);
  return (
    <>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Link className="brand" href="/staff/">
          {t('nav.brand')}
          <small>{t('nav.area')}</small>
        </Link>
        <nav aria-label={t('nav.label')}>
          {entries
            .filter((entry) => entry.shown)
            .map((entry) => (
              <Link key={entry.href} href={entry.href} aria-current={isHere(entry) ? 'page' : undefined}>
                {entry.label}
              </Link>
            ))}
        </nav>
        <div className="who">
          {holdsTasklist(user) && <NoticeLink />}
          {holdsTasklist(user) && <Link href="/staff/tasklist/absence">{t('nav.absence')}</Link>}
          <span title={user.roles.map((grant) => `${grant.authorityName}: ${grant.role}`).join('\n')}>
            {user.displayName}
          </span>
          <LanguageSwitch />
          <button type="button" className="link" onClick={() => void signOut()}>
            {t('nav.signOut')}
          </button>
        </div>
      </header>
      <main id="content">{children}</main>
    </>
  );
}
