import { dateTime, remaining } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Tag } from '../shared/states';
import type { TaskItem } from '../shared/types';
import { taskName } from './names';

interface Props {
  task: TaskItem;
  selected: boolean;
  onSelect: (key: string) => void;
  onClaim: (key: string) => void;
  onRelease: (key: string) => void;
}
const SOON_MINUTES = 480;
const isLate = (task: TaskItem): boolean => task.remainingMinutes !== null && task.remainingMinutes < 0;
const isSoon = (task: TaskItem): boolean => task.remainingMinutes !== null && task.remainingMinutes <= SOON_MINUTES;

export function TaskRow({ task, selected, onSelect, onClaim, onRelease }: Props) {
  const { t, language } = useLanguage();
  const name = taskName(task, t, language);
  return (
    <li className={`task ${isLate(task) ? 'late' : isSoon(task) ? 'soon' : ''} ${selected ? 'selected' : ''}`} data-task={task.key}>
      <input
        type="checkbox"
        className="task-box"
        checked={selected}
        aria-label={t('queue.select', { name, code: task.dossierCode })}
        onChange={() => onSelect(task.key)}
      />
      <div className="task-what">
        <Link href={`/staff/tasklist/${task.key}`} className="task-link">
          {name}
        </Link>
        <div className="quiet">
          <span className="code">{task.dossierCode}</span> · {task.applicant}
        </div>
        <div className="quiet">
          {task.procedureCode ? `${task.procedureCode} · ${task.procedureName[language]}` : task.bundleTitle[language]} ·{' '}
          {task.authorityName[language]}
        </div>
      </div>
      <div className="task-time">
        <strong>{remaining(task.remainingMinutes, t)}</strong>
        <span className="quiet">{dateTime(task.dueAt, language)}</span>
        {isLate(task) && <Tag kind="bad">{t('queue.overdue')}</Tag>}
        {task.essential && <Tag kind="info">{t('queue.essential')}</Tag>}
        {task.insteadOf && <Tag kind="warn">{t('queue.insteadOf', { name: task.insteadOf })}</Tag>}
      </div>
      <div className="task-who">
        {task.assignee && !task.mine && <span className="quiet">{t('queue.heldBy', { name: task.assignee })}</span>}
        {task.mine && (
          <button type="button" className="button second" onClick={() => onRelease(task.key)}>
            {t('task.release')}
          </button>
        )}
        {task.takeable && !task.mine && (
          <button type="button" className="button second" onClick={() => onClaim(task.key)}>
            {t('task.claim')}
          </button>
        )}
      </div>
    </li>
  );
}
