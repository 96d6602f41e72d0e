/** The value of a dated record as fields: numbers and texts as they are, lists and nested ones as JSON that is checked. */
import { useState } from 'react';
import { textOr, useLanguage } from '../shared/i18n';

type Value = Record<string, unknown>;
interface Props {
  value: Value;
  onChange: (value: Value) => void;
}

const isPlain = (each: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof each);

function Nested({ label, value, onChange }: { label: string; value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useLanguage();
  const [text, setText] = useState(JSON.stringify(value, null, 1));
  const [wrong, setWrong] = useState(false);
  const type = (next: string): void => {
    setText(next);
    try {
      onChange(JSON.parse(next));
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  return (
    <label>
      {label}
      <textarea rows={4} className="code" value={text} aria-invalid={wrong} onChange={(event) => type(event.target.value)} />
      {wrong && <small role="alert">{t('law.notJson')}</small>}
    </label>
  );
}

export function LawValue({ value, onChange }: Props) {
  const { t } = useLanguage();
  const set = (name: string, next: unknown): void => onChange({ ...value, [name]: next });
  return (
    <>
      {Object.entries(value).map(([name, each]) => {
        const label = textOr(t, `law.field.${name}`, name);
        if (each !== null && typeof each === 'object' && !Array.isArray(each) && Object.values(each).every(isPlain))
          return (
            <fieldset key={name}>
              <legend>{label}</legend>
              <LawValue value={each as Value} onChange={(next) => set(name, next)} />
            </fieldset>
          );
        if (!isPlain(each)) return <Nested key={name} label={label} value={each} onChange={(next) => set(name, next)} />;
        return (
          <label key={name}>
            {label}
            <input
              type={typeof each === 'number' ? 'number' : 'text'}
              step="any"
              value={String(each)}
              onChange={(event) => set(name, typeof each === 'number' ? Number(event.target.value) : event.target.value)}
            />
          </label>
        );
      })}
    </>
  );
}
