import { type ReactNode, useEffect } from 'react';
import { useT } from './i18n';
import { LanguageSwitch } from './language-switch';
import { Link } from './link';
import { holdsConsole, holdsTasklist, useSession } from './session';

interface Entry {
  href: string;
  label: string;
  shown: boolean;
  exact?: boolean;
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
    { href: '/staff/tasklist', label: t('nav.tasklist'), shown: holdsTasklist(user) },
    { href: '/staff/console', label: t('nav.definitions'), shown: holdsConsole(user), exact: true },
    { href: '/staff/console/models', label: t('nav.models'), shown: holdsConsole(user) },
    { href: '/staff/console/incidents', label: t('nav.incidents'), shown: holdsConsole(user) },
  ];
  const isHere = (entry: Entry): boolean =>
    entry.exact
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
