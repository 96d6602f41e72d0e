import { type Language, textOr, type Translate } from '../shared/i18n';
import type { TaskItem } from '../shared/types';

/** A task's name: as the model has it in Vietnamese, by its element in English, with the procedure where it helps. */
export function taskName(task: TaskItem, t: Translate, language: Language): string {
  if (language === 'vi') return task.name;
  const name = textOr(t, `element.${task.elementId}`, task.name);
  return task.elementId === 'appraise' && task.procedureName.en ? `${name}: ${task.procedureName.en}` : name;
}
