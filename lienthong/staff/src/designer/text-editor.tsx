import { useEffect, useRef } from 'react';
import { useT } from '../shared/i18n';
import type { Editing } from './use-editing';

/** Scenario files as text. */
export function TextEditor({ content, setExport, onChange }: Editing & { content: string }) {
  const t = useT();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setExport(() => Promise.resolve(area.current?.value ?? content)), [content, setExport]);
  return (
    <textarea
      ref={area}
      className="text-editor code"
      defaultValue={content}
      spellCheck={false}
      aria-label={t('models.text')}
      onChange={onChange}
    />
  );
}
