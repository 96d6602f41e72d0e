import { useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, put } from '../shared/api';
import { percent } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import { ProblemNote, Tag } from '../shared/states';
import type { DocumentField, PaperItem } from '../shared/types';

interface ListProps {
  paper: PaperItem;
  chosen: string | null;
  editable: boolean;
  onChoose: (name: string) => void;
  onReviewed: () => void;
}
interface RowProps extends Omit<ListProps, 'paper' | 'chosen'> {
  documentId: string;
  field: DocumentField;
  isChosen: boolean;
}

function FieldRow({ documentId, field, isChosen, editable, onChoose, onReviewed }: RowProps) {
  const { t } = useLanguage();
  const [value, setValue] = useState(field.value);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => setValue(field.value), [field.value]);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const changed = value !== field.value;
  const save = async (): Promise<void> => {
    try {
      await put(`/documents/${documentId}/fields/${encodeURIComponent(field.name)}`, { value });
      setProblem(null);
      onReviewed();
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  const label = textOr(t, `field.${field.name}`, field.name);
  return (
    <li ref={row} className={`field ${field.needsReview ? 'doubt' : ''} ${isChosen ? 'chosen' : ''}`}>
      <label>
        <span>
          {label}{' '}
          {field.reviewed ? (
            <Tag kind="good">{t('field.reviewed')}</Tag>
          ) : (
            <Tag kind={field.needsReview ? 'warn' : 'good'}>{percent(field.confidence)}</Tag>
          )}
        </span>
        <input
          value={value}
          readOnly={!editable}
          onFocus={() => onChoose(field.name)}
          onChange={(event) => setValue(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && editable) void save();
          }}
        />
      </label>
      {editable && (field.needsReview || changed) && (
        <button type="button" className="button second" onClick={() => void save()}>
          {changed ? t('field.correct') : t('field.confirm')}
        </button>
      )}
      <ProblemNote problem={problem} />
    </li>
  );
}

export function FieldList({ paper, chosen, editable, onChoose, onReviewed }: ListProps) {
  const { t } = useLanguage();
  const fields = [...paper.fields].sort((a, b) => Number(b.needsReview) - Number(a.needsReview) || a.page - b.page || a.y - b.y);
  return (
    <>
      <h3>{t('field.title')}</h3>
      <ul className="fields">
        {fields.map((field) => (
          <FieldRow
            key={`${paper.id}/${field.name}`}
            documentId={paper.id}
            field={field}
            isChosen={field.name === chosen}
            editable={editable}
            onChoose={onChoose}
            onReviewed={onReviewed}
          />
        ))}
      </ul>
    </>
  );
}
