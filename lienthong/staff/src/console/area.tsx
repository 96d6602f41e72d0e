/** The console: which page a path shows, and the way between its pages. Every page is a chunk of its own. */
import { lazy } from 'react';
import './texts';
import './console.css';
import { useT } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';

const Definitions = lazy(() => import('./definitions'));
const DefinitionPage = lazy(() => import('./definition-page'));
const Instances = lazy(() => import('./instances'));
const InstancePage = lazy(() => import('./instance-page'));
const Incidents = lazy(() => import('./incidents'));
const Interventions = lazy(() => import('./interventions'));
const Batches = lazy(() => import('./batches'));
const Workers = lazy(() => import('./workers'));
const Health = lazy(() => import('./health'));
const LawData = lazy(() => import('./law-data'));
const Users = lazy(() => import('./users'));
const Substitutions = lazy(() => import('./substitutions'));
const Audit = lazy(() => import('./audit'));

const WATCH = ['', 'instances', 'incidents', 'interventions', 'batches', 'workers', 'health'] as const;
const KEEP = ['data', 'users', 'substitutions', 'audit'] as const;
const ONLY_ADMINISTRATORS = new Set<string>(['batches', ...KEEP]);

function Ways({ section }: { section: string }) {
  const t = useT();
  const { session } = useSession();
  const administrator = isAdministrator(session?.user);
  const shown = [...WATCH, ...KEEP].filter((each) => administrator || !ONLY_ADMINISTRATORS.has(each));
  const here = section === 'definitions' ? '' : section;
  return (
    <nav className="ways" aria-label={t('ways.label')}>
      {shown.map((each) => (
        <Link key={each} href={`/staff/console${each && '/'}${each}`} aria-current={here === each ? 'page' : undefined}>
          {t(`ways.${each || 'definitions'}`)}
        </Link>
      ))}
    </nav>
  );
}

function Inner({ section, id }: { section: string; id: string }) {
  const t = useT();
  if (section === 'definitions' && id) return <DefinitionPage definitionKey={id} key={id} />;
  if (section === 'instances') return id ? <InstancePage instanceKey={id} key={id} /> : <Instances />;
  if (section === 'data') return <LawData kind={id || 'limit'} key={id} />;
  if (section === 'users') return <Users />;
  const pages: Record<string, React.ComponentType> = {
    '': Definitions,
    incidents: Incidents,
    interventions: Interventions,
    batches: Batches,
    workers: Workers,
    health: Health,
    substitutions: Substitutions,
    audit: Audit,
  };
  const Page = pages[section];
  return Page ? <Page /> : <h1>{t('page.missing')}</h1>;
}

export default function ConsoleArea({ section = '', id = '' }: { section?: string | undefined; id?: string | undefined }) {
  return (
    <>
      <Ways section={section} />
      <Inner section={section} id={id} />
    </>
  );
}
