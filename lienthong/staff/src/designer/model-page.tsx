/** One model: edit it, try it, compare it, see where it is used and what it was. */
import './texts';
import './designer.css';
import { lazy, Suspense, useState } from 'react';
import { type TextKey, useT } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote } from '../shared/states';
import type { ModelDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { ModelBar } from './model-bar';
import { TextEditor } from './text-editor';
import type { UsageAnswer } from './types';
import { type EditingState, useEditing } from './use-editing';

const BpmnEditor = lazy(() => import('./bpmn-editor'));
const DmnEditor = lazy(() => import('./dmn-editor'));
const FormEditor = lazy(() => import('./form-editor'));
const PlayPage = lazy(() => import('./play-page'));
const Compare = lazy(() => import('./compare'));
const History = lazy(() => import('./history'));
const WhereUsed = lazy(() => import('./where-used'));

type Tab = 'edit' | 'play' | 'compare' | 'usage' | 'history';
const kindOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

export default function ModelPage({ path }: { path: string }) {
  const address = `/models/file/${path.split('/').map(encodeURIComponent).join('/')}`;
  const { data, problem, reload } = useLoad<ModelDetail>(address);
  const [opened, setOpened] = useState<{ turn: number; content: string | null }>({ turn: 0, content: null });
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <Model
      key={opened.turn}
      detail={data}
      content={opened.content ?? data.content}
      address={address}
      onReload={reload}
      onOpen={(content) => setOpened((old) => ({ turn: old.turn + 1, content }))}
    />
  );
}

interface Props {
  detail: ModelDetail;
  content: string;
  address: string;
  onReload: () => void;
  onOpen: (content: string) => void;
}

function Model({ detail, content, address, onReload, onOpen }: Props) {
  const t = useT();
  const [first] = useState(content);
  const editing = useEditing(detail, first, address, onReload);
  const [tab, setTab] = useState<Tab>('edit');
  const { data: usage } = useLoad<UsageAnswer>(address.replace('/models/file/', '/designer/usage/'));
  const tabs: Tab[] = kindOf(detail.path) === 'bpmn' ? ['edit', 'play', 'compare', 'usage', 'history'] : ['edit', 'compare', 'usage', 'history'];
  return (
    <div className="model-page">
      <p>
        <Link href="/staff/console/models">← {t('models.title')}</Link>
      </p>
      <h1 className="code">{detail.path}</h1>
      <UsedNote usage={usage} onMore={() => setTab('usage')} />
      <div className="filters" role="group" aria-label={t('designer.views')}>
        {tabs.map((each) => (
          <button key={each} type="button" className="filter" aria-pressed={tab === each} onClick={() => setTab(each)}>
            {t(`designer.tab.${each}` as TextKey)}
          </button>
        ))}
      </div>
      <div hidden={tab !== 'edit'}>
        <ModelBar editing={editing} onOpenDraft={onOpen} />
        <Suspense fallback={<Loading />}>
          <Editor detail={detail} content={first} editing={editing} />
        </Suspense>
      </div>
      <Suspense fallback={<Loading />}>
        {tab === 'play' && <PlayPage path={detail.path} text={editing.text} dirty={editing.dirty} />}
        {tab === 'compare' && <Compare detail={detail} text={editing.text} siblings={usage?.siblings ?? []} />}
        {tab === 'usage' && <WhereUsed usage={usage} detail={detail} onChanged={onReload} />}
        {tab === 'history' && <History detail={detail} dirty={editing.dirty} onRestored={() => window.location.reload()} />}
      </Suspense>
    </div>
  );
}

function UsedNote({ usage, onMore }: { usage: UsageAnswer | null; onMore: () => void }) {
  const t = useT();
  if (!usage || usage.files.length === 0) return null;
  return (
    <p className="notice warn used-note">
      {t('designer.usedIn', { files: usage.files.length, bundles: usage.bundles.join(', ') })}{' '}
      <button type="button" className="link" onClick={onMore}>
        {t('designer.usedMore')}
      </button>
    </p>
  );
}

function Editor({ detail, content, editing }: { detail: ModelDetail; content: string; editing: EditingState }) {
  const { setExport, setReach, onChange, findings } = editing;
  const given = { content, setExport, setReach, onChange, findings, path: detail.path };
  const kind = kindOf(detail.path);
  if (kind === 'bpmn') return <BpmnEditor {...given} />;
  if (kind === 'dmn') return <DmnEditor {...given} />;
  if (kind === 'form') return <FormEditor {...given} />;
  return <TextEditor {...given} />;
}
