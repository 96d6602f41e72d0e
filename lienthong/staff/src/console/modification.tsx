/** Beginning and ending elements of a running instance: chosen from lists and shown on the diagram, looked at, then done. */
import { useMemo, useState } from 'react';
import { post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useAct } from '../shared/use-act';
import { WithGround } from './act';

export interface Marks {
  activate: string[];
  terminate: string[];
}
export const NO_MARKS: Marks = { activate: [], terminate: [] };
/** The marks of the diagram for what would begin and end. */
export const paintOf = (marks: Marks): Record<string, string> =>
  Object.fromEntries([...marks.activate.map((id) => [id, 'lt-begin']), ...marks.terminate.map((id) => [id, 'lt-end'])]);
interface Preview {
  steps: LocalText[];
  warnings: LocalText[];
  fate: string;
}
interface Props {
  instanceKey: string;
  xml: string;
  open: { elementId: string; name: string; count: number }[];
  marks: Marks;
  onMark: (marks: Marks) => void;
  onDone: () => void;
}
const STARTABLE = /Task$|^task$|^callActivity$|^subProcess$|^intermediateCatchEvent$|Gateway$|^endEvent$|^intermediateThrowEvent$/;

/** The elements of the diagram that may begin, by what they are called. */
function elementsOf(xml: string): { id: string; name: string }[] {
  const found = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName('*');
  return [...found]
    .filter((each) => STARTABLE.test(each.localName) && each.getAttribute('id'))
    .map((each) => ({ id: each.getAttribute('id') ?? '', name: each.getAttribute('name') || (each.getAttribute('id') ?? '') }));
}

export function Modification({ instanceKey, xml, open, marks, onMark, onDone }: Props) {
  const { t, language } = useLanguage();
  const [preview, setPreview] = useState<Preview | null>(null);
  const { busy, problem, act } = useAct();
  const elements = useMemo(() => elementsOf(xml), [xml]);
  const change = (next: Marks): void => {
    setPreview(null);
    onMark(next);
  };
  const path = `/console/instances/${instanceKey}/modification`;
  const look = (): Promise<boolean> => act(async () => setPreview(await post<Preview>(`${path}/preview`, marks)));
  const modify = async (ground: string): Promise<void> => {
    await post(path, { ...marks, ground });
    change(NO_MARKS);
    onDone();
  };
  const chosen = marks.activate.length + marks.terminate.length;
  return (
    <details className="panel modification">
      <summary>{t('modify.title')}</summary>
      <fieldset>
        <legend>{t('modify.ends')}</legend>
        {open.length === 0 && <p className="quiet">{t('modify.nothingOpen')}</p>}
        {open.map((each) => (
          <label key={each.elementId} className="check">
            <input
              type="checkbox"
              checked={marks.terminate.includes(each.elementId)}
              onChange={(event) =>
                change({
                  ...marks,
                  terminate: event.target.checked ? [...marks.terminate, each.elementId] : marks.terminate.filter((id) => id !== each.elementId),
                })
              }
            />{' '}
            {each.name} <span className="code">{each.elementId}</span>{' '}
          </label>
        ))}
      </fieldset>
      <p>
        <label htmlFor="modify-begin">{t('modify.begins')}</label>{' '}
        <select
          id="modify-begin"
          value=""
          onChange={(event) => event.target.value && change({ ...marks, activate: [...marks.activate, event.target.value] })}
        >
          <option value="">{t('find.choose')}</option>
          {elements.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name} ({each.id})
            </option>
          ))}
        </select>
      </p>
      <ul className="plain">
        {marks.activate.map((id, index) => (
          <li key={`${id}/${index}`}>
            <span className="code">{id}</span>{' '}
            <button type="button" className="link" onClick={() => change({ ...marks, activate: marks.activate.filter((_, at) => at !== index) })}>
              {t('users.drop')}
            </button>
          </li>
        ))}
      </ul>
      <ProblemNote problem={problem} />
      <button type="button" className="button second" disabled={busy || chosen === 0} onClick={() => void look()}>
        {t('modify.look')}
      </button>
      {preview && (
        <>
          <ul className="notice plain" role="status" data-fate={preview.fate}>
            {[...preview.steps, ...preview.warnings].map((text, index) => (
              <li key={index}>{text[language]}</li>
            ))}
          </ul>
          <WithGround label={t('modify.go')} danger={preview.fate !== 'safe'} onDo={modify} />
        </>
      )}
    </details>
  );
}
