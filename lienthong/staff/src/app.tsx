/** Which page a path shows. Every page but the sign-in is a chunk of its own. */
import { lazy, Suspense, useEffect } from 'react';
import { useT } from './shared/i18n';
import { Layout } from './shared/layout';
import { go, usePath } from './shared/router';
import { holdsConsole, holdsTasklist, useSession } from './shared/session';
import { SignIn } from './shared/sign-in';
import { Loading } from './shared/states';

const Queue = lazy(() => import('./tasklist/queue'));
const TaskPage = lazy(() => import('./tasklist/task-page'));
const ConsoleArea = lazy(() => import('./console/area'));
const Models = lazy(() => import('./designer/models'));
const ModelPage = lazy(() => import('./designer/model-page'));

function Page({ path }: { path: string }) {
  const t = useT();
  const parts = path.split('/').filter(Boolean).slice(1).map(decodeURIComponent);
  const [area, section, key] = parts;
  if (area === 'tasklist') return section ? <TaskPage taskKey={section} key={section} /> : <Queue />;
  if (area === 'console') {
    if (section === 'models' && key) return <ModelPage path={parts.slice(2).join('/')} key={path} />;
    if (section === 'models') return <Models />;
    return <ConsoleArea section={section} id={key} />;
  }
  return <h1>{t('page.missing')}</h1>;
}

export function App() {
  const { session } = useSession();
  const path = usePath();
  const atHome = /^\/staff\/?$/.test(path);
  useEffect(() => {
    if (!atHome || !session?.user) return;
    go(holdsTasklist(session.user) || !holdsConsole(session.user) ? '/staff/tasklist' : '/staff/console', true);
  }, [atHome, session]);
  if (!session) return <Loading />;
  if (session.user?.kind !== 'staff') return <SignIn />;
  return (
    <Layout path={path}>
      <Suspense fallback={<Loading />}>{atHome ? <Loading /> : <Page path={path} />}</Suspense>
    </Layout>
  );
}
