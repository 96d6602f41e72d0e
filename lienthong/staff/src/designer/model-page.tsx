/** Which editor a model opens in: diagrams in bpmn-js, everything else as text. */
import { lazy, Suspense } from 'react';
import { useT } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote } from '../shared/states';
import type { ModelDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { ModelBar } from './model-bar';
import { TextEditor } from './text-editor';

const BpmnEditor = lazy(() => import('./bpmn-editor'));

export default function ModelPage({ path }: { path: string }) {
  const t = useT();
  const address = `/models/file/${path.split('/').map(encodeURIComponent).join('/')}`;
  const { data, problem, reload } = useLoad<ModelDetail>(address);
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  return (
    <div className="model-page">
      <p>
        <Link href="/staff/console/models">← {t('models.title')}</Link>
      </p>
      <h1 className="code">{data.path}</h1>
      <ModelBar detail={data} address={address} onSaved={reload}>
        {(editing) =>
          data.path.endsWith('.bpmn') ? (
            <Suspense fallback={<Loading />}>
              <BpmnEditor content={data.content} {...editing} />
            </Suspense>
          ) : (
            <TextEditor content={data.content} {...editing} />
          )
        }
      </ModelBar>
    </div>
  );
}
