/** One task: the form beside the scan, and beneath them the dossier's story. */
import { lazy, Suspense, useState } from 'react';
import { type ApiProblem, asProblem, post, remove } from '../shared/api';
import { dateTime, remaining } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { go } from '../shared/router';
import { useSession } from '../shared/session';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { TaskDetail } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { DossierStory } from './dossier-story';
import { Papers } from './papers';

const TaskForm = lazy(() => import('./task-form'));
const YouAreHere = lazy(() => import('./you-are-here'));

function Claim({ detail, onDone }: { detail: TaskDetail; onDone: () => void }) {
  const { t } = useLanguage();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const { task } = detail;
  const act = (work: Promise<unknown>): void => {
    work.then(
      () => (setProblem(null), onDone()),
      (failure: unknown) => (setProblem(asProblem(failure)), onDone()),
    );
  };
  return (
    <div className="claim">
      <ProblemNote problem={problem} />
      {task.mine ? (
        <button type="button" className="button second" onClick={() => act(remove(`/tasks/${task.key}/claim`))}>
          {t('task.release')}
        </button>
      ) : (
        <>
          {task.assignee && <p className="notice warn">{t('task.heldBy', { name: task.assignee })}</p>}
          {task.takeable && (
            <button type="button" className="button" onClick={() => act(post(`/tasks/${task.key}/claim`))}>
              {t('task.claim')}
            </button>
          )}
        </>
      )}
    </div>
  );
}

export default function TaskPage({ taskKey }: { taskKey: string }) {
  const { t, language } = useLanguage();
  const { session } = useSession();
  const [diagram, setDiagram] = useState(false);
  const { data, problem, reload } = useLoad<TaskDetail>(`/tasks/${taskKey}`);
  if (problem && !data)
    return (
      <>
        <ProblemNote problem={problem} />
        <Link href="/staff/tasklist">{t('task.back')}</Link>
      </>
    );
  if (!data) return <Loading />;
  const { task, dossier } = data;
  const pending = dossier.documents.flatMap((paper) => paper.fields).filter((field) => field.needsReview).length;
  return (
    <>
      <p>
        <Link href="/staff/tasklist">← {t('task.back')}</Link>
      </p>
      <div className="task-head">
        <div>
          <h1>{task.name}</h1>
          <p className="quiet">
            <span className="code">{dossier.code}</span> · {dossier.title[language]}
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
          <Claim detail={data} onDone={reload} />
          <Suspense fallback={<Loading />}>
            <TaskForm
              task={task}
              userId={session?.user?.id ?? 0}
              pendingFields={pending}
              onDone={(andNext) => go(andNext && data.next ? `/staff/tasklist/${data.next}` : '/staff/tasklist')}
              onConflict={reload}
            />
          </Suspense>
        </section>
        <Papers papers={dossier.documents} editable={task.mine} onReviewed={reload} />
      </div>
      <DossierStory dossier={dossier} />
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
