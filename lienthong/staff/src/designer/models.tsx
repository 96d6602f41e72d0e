/** Projects: the working copies by bundle and version, which differ from what runs, and the deployment of the chosen ones. */
import './texts';
import './designer.css';
import { type FormEvent, useRef, useState } from 'react';
import { Deploy } from '../console/deploy';
import { type ApiProblem, asProblem, post, upload } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { ModelItem } from '../shared/types';
import { useLoad } from '../shared/use-load';
import type { Project } from './types';

const STATE_KINDS: Record<ModelItem['state'], string> = { same: 'good', changed: 'warn', new: 'info', unknown: '' };
/** What a model's path looks like; the same in every language. */
const EXAMPLE_PATH = 'steps/step-new.bpmn';
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const hrefOf = (path: string): string => `/staff/console/models/${path.split('/').map(encodeURIComponent).join('/')}`;

interface Notice {
  path: string;
  conflicts: string[];
}
interface Projects {
  bundles: Project[];
  notices: Notice[];
}

export default function Models() {
  const { t } = useLanguage();
  const { session } = useSession();
  const { data, problem, reload } = useLoad<{ models: ModelItem[] }>('/models');
  const { data: projects, reload: reloadProjects } = useLoad<Projects>('/designer/projects');
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const isAdmin = isAdministrator(session?.user);
  const toggle = (path: string): void =>
    setChosen((old) => {
      const next = new Set(old);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  const folders = [...new Set(data.models.map((model) => folderOf(model.path)))].sort();
  const changed = data.models.filter((model) => model.state === 'changed' || model.state === 'new').map((model) => model.path);
  const again = (): void => {
    reload();
    reloadProjects();
  };
  return (
    <>
      <h1>{t('models.title')}</h1>
      <p className="quiet">{t('models.lead')}</p>
      <ProblemNote problem={problem} />
      <Notices notices={projects?.notices ?? []} onDone={again} />
      {isAdmin ? (
        <Deploy paths={[...chosen]} suggested={changed} onChoose={(paths) => setChosen(new Set(paths))} onDone={reload} />
      ) : (
        <p className="notice">{t('models.designerOnly')}</p>
      )}
      <Exchange onDone={again} />
      {folders.map((folder) => (
        <section key={folder}>
          <Folder folder={folder} project={projects?.bundles.find((each) => each.bundle === folder)} onDone={again} />
          <ul className="models">
            {data.models
              .filter((model) => folderOf(model.path) === folder)
              .map((model) => (
                <ModelRow key={model.path} model={model} isAdmin={isAdmin} chosen={chosen.has(model.path)} onToggle={() => toggle(model.path)} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface RowProps {
  model: ModelItem;
  isAdmin: boolean;
  chosen: boolean;
  onToggle: () => void;
}

function ModelRow({ model, isAdmin, chosen, onToggle }: RowProps) {
  const { t, language } = useLanguage();
  return (
    <li>
      {isAdmin && <input type="checkbox" checked={chosen} onChange={onToggle} aria-label={t('models.choose', { name: model.path })} />}
      <div>
        <Link href={hrefOf(model.path)}>{model.name}</Link>
        <small className="code">{model.path}</small>
      </div>
      <Tag kind={STATE_KINDS[model.state]}>{t(`models.state.${model.state}`)}</Tag>
      <span className="quiet">{model.changedAt && `${dateTime(model.changedAt, language)} · ${model.author}`}</span>
    </li>
  );
}

/** A project's head: its export, its scenarios, and for a bundle its next version. */
function Folder({ folder, project, onDone }: { folder: string; project: Project | undefined; onDone: () => void }) {
  const { t } = useLanguage();
  const [version, setVersion] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const copy = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await post('/designer/versions', { bundle: folder, version: version.trim() });
      setVersion('');
      setProblem(null);
      onDone();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return (
    <div className="project-head">
      <h2 className="code">{folder || '/'}</h2>
      <a href={`/api/designer/export?folder=${encodeURIComponent(folder)}`} download>
        {t('designer.export')}
      </a>
      {project && (
        <>
          <details>
            <summary>{t('designer.scenarios', { count: project.scenarios.length })}</summary>
            <ul className="plain columns">
              {project.scenarios.map((path) => (
                <li key={path}>
                  <Link href={hrefOf(path)}>{path.split('/').pop()}</Link>
                </li>
              ))}
            </ul>
          </details>
          <details>
            <summary>{t('designer.version.new')}</summary>
            <form className="actions" onSubmit={(event) => void copy(event)}>
              <label>
                {t('designer.version.name')} <input value={version} placeholder="2024" onChange={(event) => setVersion(event.target.value)} />
              </label>
              <button type="submit" className="button second" disabled={!version.trim()}>
                {t('designer.version.make')}
              </button>
            </form>
            <ProblemNote problem={problem} />
          </details>
        </>
      )}
    </div>
  );
}

/** Delivered changes that could not be brought together with a working copy: somebody has to choose. */
function Notices({ notices, onDone }: { notices: Notice[]; onDone: () => void }) {
  const { t } = useLanguage();
  const answer = async (path: string, take: 'delivered' | 'mine'): Promise<void> => {
    await post('/designer/notices', { path, take });
    onDone();
  };
  if (notices.length === 0) return null;
  return (
    <ul className="notice warn plain">
      {notices.map((each) => (
        <li key={each.path}>
          {t('designer.notice', { path: each.path })} <small className="code">{each.conflicts.join(', ')}</small>{' '}
          <Link href={hrefOf(each.path)}>{t('designer.notice.open')}</Link>{' '}
          <button type="button" className="link" onClick={() => void answer(each.path, 'delivered')}>
            {t('designer.notice.take')}
          </button>{' '}
          <button type="button" className="link" onClick={() => void answer(each.path, 'mine')}>
            {t('designer.notice.keep')}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Models out as a zip file and in again, as one save; and a new empty model. */
function Exchange({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const file = useRef<HTMLInputElement>(null);
  const [message, setMessage] = useState('');
  const [told, setTold] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [path, setPath] = useState('');
  const run = async (work: () => Promise<string>): Promise<void> => {
    try {
      setTold(await work());
      setProblem(null);
      onDone();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  const take = (event: FormEvent): void => {
    event.preventDefault();
    const chosen = file.current?.files?.[0];
    if (!chosen) return;
    const form = new FormData();
    form.append('archive', chosen);
    form.append('message', message.trim());
    void run(async () => {
      const answer = await upload<{ changed: string[] }>('/designer/import', form);
      return t('designer.import.done', { count: answer.changed.length, list: answer.changed.join(', ') });
    });
  };
  const make = (event: FormEvent): void => {
    event.preventDefault();
    void run(async () => {
      await post('/designer/files', { path: path.trim(), content: emptyModel(path.trim()), message: t('designer.newFile') });
      return t('designer.newFile.done', { path: path.trim() });
    });
  };
  return (
    <details className="panel">
      <summary>{t('designer.exchange')}</summary>
      <p>
        <a href="/api/designer/export" download>
          {t('designer.exportAll')}
        </a>
      </p>
      <form className="actions" onSubmit={take}>
        <label>
          {t('designer.import.file')} <input ref={file} type="file" accept=".zip" required />
        </label>
        <label>
          {t('models.message')} <input value={message} required onChange={(event) => setMessage(event.target.value)} />
        </label>
        <button type="submit" className="button second">
          {t('designer.import')}
        </button>
      </form>
      <form className="actions" onSubmit={make}>
        <label>
          {t('designer.newFile.path')}{' '}
          <input value={path} required pattern="[a-z0-9-]+(/[a-z0-9._-]+){1,3}\.(bpmn|dmn|form)" placeholder={EXAMPLE_PATH} onChange={(event) => setPath(event.target.value)} />
        </label>
        <button type="submit" className="button second">
          {t('designer.newFile')}
        </button>
      </form>
      {told && (
        <p className="notice good" role="status">
          {told}
        </p>
      )}
      <ProblemNote problem={problem} />
    </details>
  );
}

/** The smallest file of a kind that its editor opens; ids come from the file's name. */
function emptyModel(path: string): string {
  const id = (path.split('/').pop() ?? '').replace(/\.[a-z]+$/, '');
  if (path.endsWith('.form'))
    return `${JSON.stringify({ id, type: 'default', schemaVersion: 18, executionPlatform: 'Camunda Cloud', executionPlatformVersion: '8.8.0', components: [] }, null, 2)}\n`;
  const platform = 'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0"';
  if (path.endsWith('.dmn'))
    return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="${id}-definitions" name="${id}" namespace="http://lienthong.vn/dmn" ${platform}>
  <decision id="${id}" name="${id}">
    <decisionTable id="${id}-table">
      <input id="${id}-input"><inputExpression id="${id}-expression" typeRef="string"><text></text></inputExpression></input>
      <output id="${id}-output" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="${id}"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions-${id}" targetNamespace="http://lienthong.vn/bpmn" ${platform}>
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="started" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram-${id}">
    <bpmndi:BPMNPlane id="plane-${id}" bpmnElement="${id}">
      <bpmndi:BPMNShape id="started_di" bpmnElement="started"><dc:Bounds x="180" y="160" width="36" height="36" /></bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`;
}
