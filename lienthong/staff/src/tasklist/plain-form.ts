import type { Translate } from '../shared/i18n';

/** What a task without a form of its own asks: a note. */
export const plainForm = (t: Translate): Record<string, unknown> => ({
  type: 'default',
  id: 'plain',
  schemaVersion: 19,
  components: [{ type: 'textarea', id: 'note', key: 'note', label: t('task.note') }],
});
