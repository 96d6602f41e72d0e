/** Save, drafts and findings above whatever editor is inside; a save is a commit and never overwrites another's. */
import { useState } from 'react';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { ProblemNote, Tag } from '../shared/states';
import type { Finding } from './types';
import type { EditingState } from './use-editing';

function Findings({ findings, reach }: { findings: Finding[]; reach: (elementId: string) => void }) {
  const { t, language } = useLanguage();
  const errors = findings.filter((each) => each.severity === 'error').length;
  return (
    <details className={`findings notice ${errors ? 'bad' : 'warn'}`} open={errors > 0}>
      <summary>
        <span role="status">{t('designer.findings', { errors, warnings: findings.length - errors })}</span>
      </summary>
      <ul className="plain">
        {findings.map((each, index) => (
          <li key={index}>
            <Tag kind={each.severity === 'error' ? 'bad' : 'warn'}>{t(`designer.severity.${each.severity}`)}</Tag>{' '}
            {each.text[language]}{' '}
            {each.elementId && (
              <button type="button" className="link" onClick={() => reach(each.elementId)}>
                {t('designer.goTo', { id: each.elementId })}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

export function ModelBar({ editing, onOpenDraft }: { editing: EditingState; onOpenDraft: (content: string) => void }) {
  const { t, language } = useLanguage();
  const [message, setMessage] = useState('');
  const { dirty, saved, problem, findings, checked, draft, draftAt } = editing;
  const save = async (): Promise<void> => {
    if (await editing.save(message)) setMessage('');
  };
  return (
    <>
      {draft && (
        <div className="notice info actions">
          <span>{t('designer.draft.found', { at: dateTime(draft.at, language) })}</span>
          <button type="button" className="button second" onClick={() => onOpenDraft(draft.content)}>
            {t('designer.draft.open')}
          </button>
          <button type="button" className="link" onClick={() => void editing.forgetDraft()}>
            {t('designer.draft.drop')}
          </button>
        </div>
      )}
      <form
        className="actions model-bar"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label>
          <span className="hidden">{t('models.message')}</span>
          <input value={message} placeholder={t('models.message')} onChange={(event) => setMessage(event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={!dirty || !message.trim()}>
          {t('models.save')}
        </button>
        <button type="button" className="button second" onClick={() => void editing.check()}>
          {t('models.check')}
        </button>
        <span role="status" className="quiet">
          {saved ? t('models.saved') : dirty ? t('models.unsaved') : ''}
          {dirty && draftAt ? ` · ${t('designer.draft.kept', { at: dateTime(draftAt, language) })}` : ''}
        </span>
      </form>
      <ProblemNote problem={problem} />
      {checked && findings.length === 0 && (
        <p className="notice good" role="status">
          {t('models.checkGood')}
        </p>
      )}
      {findings.length > 0 && <Findings findings={findings} reach={editing.reach} />}
    </>
  );
}
