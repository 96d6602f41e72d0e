/** The engine's form in form-js: what is typed is kept on the server, everything typed is there at the submit. */
import { createForm, type Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import { useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { formTranslation } from '../shared/bpmn-translation';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Loading, ProblemNote } from '../shared/states';
import type { DraftItem, TaskFormAnswer, TaskItem } from '../shared/types';
import { offerUndo } from '../shared/undo-bar';
import { useLoad } from '../shared/use-load';
import { plainForm } from './plain-form';
import { useServerDraft } from './server-draft';

interface Props {
  task: TaskItem;
  draft: DraftItem | null;
  pendingFields: number;
  onDone: (andNext: boolean) => void;
  onConflict: () => void;
}
/** Outcomes that send a dossier on; only these need every doubtful field looked at. The server holds the rule. */
const BACKWARD = new Set(['supplement', 'refuse', 'return']);

const stateOf = (form: Form): Record<string, unknown> =>
  (form as unknown as { _getState?: () => { data: Record<string, unknown> } })._getState?.().data ?? {};

export default function TaskForm({ task, draft, pendingFields, onDone, onConflict }: Props) {
  const { t, language } = useLanguage();
  const { data: answer, problem: loadProblem } = useLoad<TaskFormAnswer>(`/tasks/${task.key}/form`);
  const place = useRef<HTMLDivElement>(null);
  const form = useRef<Form | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(false);
  const editable = task.mine;
  const keeper = useServerDraft(task.key, draft, editable);
  const started = useRef(draft);
  const { typed } = keeper;

  useEffect(() => {
    if (!answer || !place.current) return undefined;
    let gone = false;
    const options = {
      container: place.current,
      schema: answer.schema ?? plainForm(t),
      data: { ...answer.data, ...started.current?.data },
      properties: { readOnly: !editable },
      debounce: false,
      additionalModules: [formTranslation(language)],
    };
    void createForm(options as unknown as Parameters<typeof createForm>[0]).then((made) => {
      if (gone) return made.destroy();
      form.current = made;
      let known = JSON.stringify(stateOf(made));
      made.on('changed', 500, (event: { data: Record<string, unknown> }) => {
        const text = JSON.stringify(event.data);
        if (text === known) return; // the form tells of itself when it is built: nothing was typed
        known = text;
        typed(event.data);
      });
      return undefined;
    });
    return () => {
      gone = true;
      form.current?.destroy();
      form.current = null;
    };
  }, [answer, editable, language, t, task.key, typed]);

  const complete = async (andNext: boolean): Promise<void> => {
    if (!form.current) return;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const { data, errors } = form.current.submit() as { data: Record<string, unknown>; errors: Record<string, unknown> };
    setWrong(Object.keys(errors).length > 0);
    if (Object.keys(errors).length > 0) return;
    setBusy(true);
    setProblem(null);
    try {
      const draftVersion = await keeper.settle();
      const sent = await post<{ undoUntil: string | null }>(`/tasks/${task.key}/complete`, {
        variables: data,
        hold: true,
        draftVersion,
      });
      offerUndo(sent.undoUntil ? { key: task.key, until: sent.undoUntil } : null);
      onDone(andNext);
    } catch (failure) {
      setProblem(asProblem(failure));
      if (asProblem(failure).status === 409) onConflict();
    } finally {
      setBusy(false);
    }
  };
  const outcome = form.current ? stateOf(form.current)['outcome'] : undefined;
  const held = editable && pendingFields > 0 && !BACKWARD.has(String(outcome ?? ''));
  return (
    <div className="task-form" onKeyDown={(event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && editable && !busy) void complete(event.shiftKey);
    }}>
      <ProblemNote problem={loadProblem} />
      {!answer && !loadProblem && <Loading />}
      {draft && editable && started.current && (
        <p className="quiet">{t('task.draftFrom', { name: draft.savedBy, time: dateTime(draft.savedAt, language) })}</p>
      )}
      <div ref={place} className="form-place" />
      {held && <p className="notice warn">{t('task.fieldsPending', { count: pendingFields })}</p>}
      {wrong && (
        <p className="notice bad" role="alert">
          {t('task.formWrong')}
        </p>
      )}
      <ProblemNote problem={problem ?? keeper.problem} />
      {editable && (
        <div className="actions">
          <button type="button" className="button" disabled={busy} onClick={() => void complete(false)}>
            {t('task.complete')}
          </button>
          <button type="button" className="button second" disabled={busy} onClick={() => void complete(true)}>
            {t('task.completeNext')}
          </button>
          <span className="quiet" role="status">
            {keeper.savedAt ? t('task.draftSaved', { time: dateTime(keeper.savedAt, language) }) : t('task.keys')}
          </span>
        </div>
      )}
    </div>
  );
}
