/** The papers of the dossier: one page as a picture, the fields read from it marked; field and mark show each other. */
import { useMemo, useState } from 'react';
import { useLanguage, textOr } from '../shared/i18n';
import { Tag } from '../shared/states';
import type { ComponentItem, PaperItem } from '../shared/types';
import { FieldList } from './field-list';
import { PagePicture } from './page-picture';

interface Props {
  papers: PaperItem[];
  components: ComponentItem[];
  editable: boolean;
  onReviewed: () => void;
}
const needing = (paper: PaperItem): number => paper.fields.filter((field) => field.needsReview).length;

export function Papers({ papers, components, editable, onReviewed }: Props) {
  const { t } = useLanguage();
  const first = useMemo(
    () => papers.find((paper) => needing(paper) > 0) ?? papers.find((paper) => paper.role === 'upload') ?? papers[0],
    [papers],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const [field, setField] = useState<string | null>(null);
  const paper = papers.find((each) => each.id === chosen) ?? first;
  const uses = components.filter((each) => each.documentId && each.documentId === paper?.id);
  if (!paper)
    return (
      <section className="panel">
        <h2>{t('papers.title')}</h2>
        <p className="empty">{t('papers.none')}</p>
      </section>
    );
  const open = (id: string): void => {
    setChosen(id);
    setPage(1);
    setField(null);
  };
  const showField = (name: string): void => {
    setField(name);
    const target = paper.fields.find((each) => each.name === name);
    if (target) setPage(target.page);
  };
  return (
    <section className="panel papers" aria-label={t('papers.title')}>
      <h2>{t('papers.title')}</h2>
      <ul className="paper-tabs">
        {papers.map((each) => (
          <li key={each.id}>
            <button type="button" aria-pressed={each.id === paper.id} onClick={() => open(each.id)}>
              {textOr(t, `kind.${each.kind}`, each.kind)} {needing(each) > 0 && <Tag kind="warn">{needing(each)}</Tag>}
              <small>{textOr(t, `paperRole.${each.role}`, each.role)}</small>
            </button>
          </li>
        ))}
      </ul>
      {uses.length > 0 && (
        <p className="quiet">
          {uses.map((each) => (
            <span key={`${each.branchCode}/${each.name}`}>
              {each.branchCode} · {each.name} · {textOr(t, `component.${each.status}`, each.status)}
              {each.provenance && ` (${t('papers.from', { source: each.provenance })})`}.{' '}
            </span>
          ))}
        </p>
      )}
      <PagePicture paper={paper} page={page} field={field} onPage={setPage} onField={showField} />
      {paper.fields.length > 0 ? (
        <FieldList paper={paper} chosen={field} editable={editable} onChoose={showField} onReviewed={onReviewed} />
      ) : (
        paper.role === 'upload' && <p className="quiet">{t('papers.noFields')}</p>
      )}
    </section>
  );
}
