/** The working copies of the models: which differ from what runs, and the deployment of the chosen ones. */
import { useState } from 'react';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { ModelItem } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { Deploy } from '../console/deploy';

const STATE_KINDS: Record<ModelItem['state'], string> = { same: 'good', changed: 'warn', new: 'info', unknown: '' };
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export default function Models() {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const { data, problem, reload } = useLoad<{ models: ModelItem[] }>('/models');
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  if (!data) return problem ? <ProblemNote problem={problem} /> : <Loading />;
  const toggle = (path: string): void =>
    setChosen((old) => {
      const next = new Set(old);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  const folders = [...new Set(data.models.map((model) => folderOf(model.path)))].sort();
  const changed = data.models.filter((model) => model.state === 'changed' || model.state === 'new').map((model) => model.path);
  return (
    <>
      <h1>{t('models.title')}</h1>
      <p className="quiet">{t('models.lead')}</p>
      <ProblemNote problem={problem} />
      {isAdministrator(session?.user) ? (
        <Deploy paths={[...chosen]} suggested={changed} onChoose={(paths) => setChosen(new Set(paths))} onDone={reload} />
      ) : (
        <p className="notice">{t('models.designerOnly')}</p>
      )}
      {folders.map((folder) => (
        <section key={folder}>
          <h2 className="code">{folder || '/'}</h2>
          <ul className="models">
            {data.models
              .filter((model) => folderOf(model.path) === folder)
              .map((model) => (
                <li key={model.path}>
                  {isAdministrator(session?.user) && (
                    <input
                      type="checkbox"
                      checked={chosen.has(model.path)}
                      onChange={() => toggle(model.path)}
                      aria-label={t('models.choose', { name: model.path })}
                    />
                  )}
                  <div>
                    <Link href={`/staff/console/models/${model.path.split('/').map(encodeURIComponent).join('/')}`}>
                      {model.name}
                    </Link>
                    <small className="code">{model.path}</small>
                  </div>
                  <Tag kind={STATE_KINDS[model.state]}>{t(`models.state.${model.state}`)}</Tag>
                  <span className="quiet">{model.changedAt && `${dateTime(model.changedAt, language)} · ${model.author}`}</span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
