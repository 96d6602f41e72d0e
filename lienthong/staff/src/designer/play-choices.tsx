/** What may happen next: somebody completes a task, a worker answers, a message comes, time goes by. */
import { type FormEvent, useState } from 'react';
import { dateTime } from '../shared/format';
import { useLanguage, useT } from '../shared/i18n';
import { durationTo, type Play } from './play-state';
import type { PlayField, PlayJob, PlayTask, PlayView, Values } from './types';

export function PlayChoices({ play }: { play: Play }) {
  const t = useT();
  const { view } = play;
  if (!view) return null;
  return (
    <div className="play-choices" aria-busy={play.busy}>
      <label className="choice">
        <input type="checkbox" checked={play.ask} onChange={(event) => play.setAsk(event.target.checked)} /> {t('designer.play.ask')}
      </label>
      {view.tasks.map((task) => (
        <TaskChoice key={`${task.path}/${task.instance}`} task={task} play={play} />
      ))}
      {view.jobs.map((job, index) => (
        <JobChoice key={`${job.path}/${job.type}/${index}`} job={job} play={play} />
      ))}
      <MessageChoices view={view} play={play} />
      <TimeChoices view={view} play={play} />
      <div className="panel">
        <h3>{t('designer.play.expect')}</h3>
        <button
          type="button"
          className="button second"
          onClick={() => play.add({ expect: view.ended ? { ended: true } : { waiting: view.tasks.map((task) => task.path) } })}
        >
          {t('designer.play.expectNow')}
        </button>
      </div>
    </div>
  );
}

const valueOf = (field: PlayField, raw: FormDataEntryValue | null): unknown => {
  if (field.type === 'checkbox') return raw === 'on';
  if (raw === null || raw === '') return undefined;
  return field.type === 'number' ? Number(raw) : String(raw);
};

function TaskChoice({ task, play }: { task: PlayTask; play: Play }) {
  const { t, language } = useLanguage();
  const complete = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const variables: Values = {};
    task.fields.forEach((field) => {
      const value = valueOf(field, data.get(field.key));
      if (value !== undefined && (field.type !== 'checkbox' || value)) variables[field.key] = value;
    });
    play.add({ task: { element: task.path, ...(Object.keys(variables).length > 0 ? { variables } : {}) } });
  };
  return (
    <form className="panel play-task" onSubmit={complete} data-task={task.path}>
      <h3>{task.path}</h3>
      <small>
        {task.candidateGroups.join(', ')}
        {task.dueAt && ` · ${t('designer.play.due', { at: dateTime(task.dueAt, language) })}`}
      </small>
      {task.fields.map((field) => (
        <TaskField key={field.key} field={field} />
      ))}
      <button type="submit" className="button">
        {t('designer.play.complete')}
      </button>
    </form>
  );
}

function TaskField({ field }: { field: PlayField }) {
  if (field.type === 'radio' || field.type === 'select')
    return (
      <label className="outline-field">
        <span>{field.label}</span>
        <select name={field.key} required={field.required} defaultValue={field.required ? (field.values[0]?.value ?? '') : ''}>
          {!field.required && <option value="" />}
          {field.values.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
    );
  if (field.type === 'checkbox')
    return (
      <label className="choice">
        <input type="checkbox" name={field.key} /> {field.label}
      </label>
    );
  return (
    <label className="outline-field">
      <span>{field.label}</span>
      <input name={field.key} type={field.type === 'number' ? 'number' : 'text'} required={field.required} />
    </label>
  );
}

/** JSON typed by hand; null when it is none. */
function parsed(text: string): Values | null {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : null;
  } catch {
    return null;
  }
}

function JobChoice({ job, play }: { job: PlayJob; play: Play }) {
  const t = useT();
  const [answer, setAnswer] = useState(JSON.stringify(job.routine ?? {}));
  const [code, setCode] = useState('');
  const variables = parsed(answer);
  const given = { type: job.type, element: job.path };
  const published = job.publish.length > 0 ? { publish: job.publish } : {};
  return (
    <div className="panel play-job" data-job={job.path}>
      <h3>
        {job.path} <small>{job.type}</small>
      </h3>
      <label className="outline-field">
        <span>{t('designer.play.answer')}</span>
        <textarea className="code" rows={2} value={answer} aria-invalid={!variables} onChange={(event) => setAnswer(event.target.value)} />
      </label>
      <div className="actions">
        <button type="button" className="button" disabled={!variables} onClick={() => play.add({ job: { ...given, variables: variables ?? {}, ...published } })}>
          {t('designer.play.complete')}
        </button>
        <button
          type="button"
          className="button second"
          onClick={() => play.add({ job: { ...given, fail: { message: t('designer.play.failWords'), retries: Math.max(0, job.retries - 1) } } })}
        >
          {t('designer.play.fail', { retries: Math.max(0, job.retries - 1) })}
        </button>
        <label>
          <span className="hidden">{t('designer.play.errorCode')}</span>
          <input value={code} placeholder={t('designer.play.errorCode')} onChange={(event) => setCode(event.target.value)} />
        </label>
        <button type="button" className="button second" disabled={!code.trim()} onClick={() => play.add({ job: { ...given, error: { code: code.trim() } } })}>
          {t('designer.play.throw')}
        </button>
      </div>
    </div>
  );
}

function MessageChoices({ view, play }: { view: PlayView; play: Play }) {
  const t = useT();
  const [variables, setVariables] = useState('');
  const values = parsed(variables);
  const dossier = String(play.start?.start.variables?.['dossierCode'] ?? '');
  const known = new Map(view.messages.map((each) => [`${each.name}|${each.key}`, each]));
  if (known.size === 0) return null;
  return (
    <div className="panel">
      <h3>{t('designer.play.messages')}</h3>
      <label className="outline-field">
        <span>{t('designer.play.messageVariables')}</span>
        <textarea className="code" rows={2} value={variables} placeholder="{}" aria-invalid={!values} onChange={(event) => setVariables(event.target.value)} />
      </label>
      <ul className="plain">
        {[...known.values()].map((each) => (
          <li key={`${each.name}|${each.key}`}>
            <button
              type="button"
              className="button second"
              disabled={!values}
              onClick={() =>
                play.add({
                  message: {
                    name: each.name,
                    ...(each.key === dossier ? {} : { key: each.key }),
                    ...(values && Object.keys(values).length > 0 ? { variables: values } : {}),
                  },
                })
              }
            >
              {each.name}
            </button>{' '}
            <small>
              {each.path} {each.key !== dossier && `· ${each.key}`}
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}

const SPANS = ['PT1H', 'P1D', 'P5D', 'P30D'] as const;

function TimeChoices({ view, play }: { view: PlayView; play: Play }) {
  const { t, language } = useLanguage();
  const [span, setSpan] = useState('P2D');
  return (
    <div className="panel">
      <h3>{t('designer.play.time')}</h3>
      <div className="actions">
        {SPANS.map((each) => (
          <button key={each} type="button" className="button second" onClick={() => play.add({ advance: each })}>
            {t(`designer.play.span.${each}`)}
          </button>
        ))}
      </div>
      <form
        className="actions"
        onSubmit={(event) => {
          event.preventDefault();
          play.add({ advance: span });
        }}
      >
        <label>
          <span className="hidden">{t('designer.play.span')}</span>
          <input value={span} pattern="P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?" onChange={(event) => setSpan(event.target.value)} />
        </label>
        <button type="submit" className="button second">
          {t('designer.play.advance')}
        </button>
      </form>
      <ul className="plain">
        {view.timers.map((each) => (
          <li key={`${each.path}/${each.elementId}`}>
            <button type="button" className="link" onClick={() => play.add({ advance: durationTo(view.now, each.dueAt) })}>
              {dateTime(each.dueAt, language)}
            </button>{' '}
            <small>
              {each.path} · {each.elementId}
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}
