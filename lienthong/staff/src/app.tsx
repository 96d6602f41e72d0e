/** Which page a path shows. Every page but the sign-in is a chunk of its own. */
import { lazy, Suspense, useEffect } from 'react';
import { useT } from './shared/i18n';
import { Layout } from './shared/layout';
import { go, usePath } from './shared/router';
import { holdsConsole, holdsTasklist, useSession } from './shared/session';
import { SignIn } from './shared/sign-in';
import { Loading } from './shared/states';
import { UndoBar } from './shared/undo-bar';

const Queue = lazy(() => import('./tasklist/queue'));
const TaskPage = lazy(() => import('./tasklist/task-page'));
const SearchPage = lazy(() => import('./tasklist/search-page'));
const DossierPage = lazy(() => import('./tasklist/dossier-page'));
const Reception = lazy(() => import('./tasklist/reception'));
const WaitingRoom = lazy(() => import('./tasklist/waiting-room'));
const LeaderPage = lazy(() => import('./tasklist/leader-page'));
const Consultations = lazy(() => import('./tasklist/consultations'));
const Petitions = lazy(() => import('./tasklist/petitions'));
const Absence = lazy(() => import('./tasklist/absence'));
const Notices = lazy(() => import('./tasklist/notices'));
const FinancePage = lazy(() => import('./finance/page'));
const LateLists = lazy(() => import('./oversight/late-lists'));
const ConsoleArea = lazy(() => import('./console/area'));
const Models = lazy(() => import('./designer/models'));
const ModelPage = lazy(() => import('./designer/model-page'));

function TasklistPage({ section, part }: { section: string | undefined; part: string | undefined }) {
  switch (section) {
    case undefined:
      return <Queue />;
    case 'search':
      return <SearchPage />;
    case 'dossiers':
      return <DossierPage code={part ?? ''} key={part} />;
    case 'reception':
      return part ? <WaitingRoom deskId={part} key={part} /> : <Reception />;
    case 'leader':
      return <LeaderPage />;
    case 'consultations':
      return <Consultations />;
    case 'petitions':
      return <Petitions />;
    case 'finance':
      return <FinancePage />;
    case 'late-lists':
      return <LateLists />;
    case 'absence':
      return <Absence />;
    case 'notices':
      return <Notices />;
    default:
      return <TaskPage taskKey={section} key={section} />;
  }
}

function Page({ path }: { path: string }) {
  const t = useT();
  const parts = path.split('/').filter(Boolean).slice(1).map(decodeURIComponent);
  const [area, section, key] = parts;
  if (area === 'tasklist') return <TasklistPage section={section} part={key} />;
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
      {path.startsWith('/staff/tasklist') && <UndoBar />}
    </Layout>
  );
}
