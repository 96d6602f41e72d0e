/** One task: the form beside the scan, and beneath them the dossier's story. */
import '../shared/tasklist.css';
import { lazy, Suspense, useRef, useState } from 'react';
import { dateTime, remaining } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { useLiveTasks } from '../shared/live';
import { Link } from '../shared/link';
import { go } from '../shared/router';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { TaskDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { Comments } from './comments';
import { DossierStory } from './dossier-story';
import { taskName } from './names';
import { Papers } from './papers';
import { TaskHands } from './task-hands';

const TaskForm = lazy(() => import('./task-form'));
const StepLaw = lazy(() => import('./step-law'));
const YouAreHere = lazy(() => import('./you-are-here'));

export default function TaskPage({ taskKey }: { taskKey: string }) {
  const { t, language } = useLanguage();
  const [diagram, setDiagram] = useState(false);
  const [law, setLaw] = useState(false);
  const leaves = useRef(false);
  const { data, problem, reload } = useLoad<TaskDetail>(`/tasks/${taskKey}`);
  useLiveTasks((keys) => {
    if (keys.includes(taskKey) && !leaves.current) reload();
  });
  if (problem && (!data || problem.code === 'task-gone'))
    return (
      <>
        <ProblemNote problem={problem} />
        <Link href="/staff/tasklist">{t('task.back')}</Link>
      </>
    );
  if (!data) return <Loading />;
  const { task, dossier } = data;
  const fields = dossier?.documents.flatMap((paper) => paper.fields) ?? [];
  const pending = fields.filter((field) => field.needsReview).length;
  const leave = (path: string): void => {
    leaves.current = true;
    go(path);
  };
  return (
    <>
      <p>
        <Link href="/staff/tasklist">← {t('task.back')}</Link>
      </p>
      <div className="task-head">
        <div>
          <h1>{taskName(task, t, language)}</h1>
          <p className="quiet">
            {dossier ? (
              <>
                <Link className="code" href={`/staff/tasklist/dossiers/${dossier.code}`}>
                  {dossier.code}
                </Link>{' '}
                · {dossier.title[language]}
              </>
            ) : (
              <span className="code">{task.dossierCode}</span>
            )}
            {task.procedureCode && ` · ${task.procedureCode} ${task.procedureName[language]}`}
          </p>
        </div>
        <div className={`due ${(task.remainingMinutes ?? 1) < 0 ? 'late' : ''}`}>
          <strong>{remaining(task.remainingMinutes, t)}</strong>
          <span className="quiet">{t('task.due', { time: dateTime(task.dueAt, language) })}</span>
          {task.essential && <Tag kind="info">{t('queue.essential')}</Tag>}
        </div>
      </div>
      <div className="work">
        <section className="panel" aria-label={t('task.form')}>
          <h2>{t('task.form')}</h2>
          <TaskHands detail={data} onDone={reload} onGone={() => leave('/staff/tasklist')} />
          <Suspense fallback={<Loading />}>
            <TaskForm
              task={task}
              draft={data.draft}
              pendingFields={pending}
              onDone={(andNext) => leave(andNext && data.next ? `/staff/tasklist/${data.next}` : '/staff/tasklist')}
              onConflict={reload}
            />
          </Suspense>
          <details onToggle={(event) => setLaw(event.currentTarget.open)}>
            <summary>{t('stepLaw.title')}</summary>
            {law && (
              <Suspense fallback={<Loading />}>
                <StepLaw taskKey={task.key} />
              </Suspense>
            )}
          </details>
        </section>
        {dossier && <Papers papers={dossier.documents} components={dossier.components} editable={task.mine} onReviewed={reload} />}
      </div>
      {dossier && <Comments dossier={dossier} branchCode={task.procedureCode} onDone={reload} />}
      {dossier && <DossierStory dossier={dossier} />}
      <section className="panel">
        <h2>{t('task.where')}</h2>
        {diagram ? (
          <Suspense fallback={<Loading />}>
            <YouAreHere taskKey={task.key} />
          </Suspense>
        ) : (
          <button type="button" className="button second" onClick={() => setDiagram(true)}>
            {t('task.showDiagram')}
          </button>
        )}
      </section>
    </>
  );
}
