/** The papers of a filing at the counter: scanned or dropped here, or taken from the desk's scan folder. */
import { type DragEvent, useRef, useState } from 'react';
import { remove } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

export interface PaperAsked {
  kind: string;
  name: LocalText;
  asked: boolean;
  procedureCode: string;
}
export interface Picked {
  kind: string;
  label: string;
  file?: File;
  scanId?: string;
}
interface Scan {
  id: string;
  fileName: string;
  pages: number;
  codeFound: string;
}
interface Props {
  deskId: string;
  asked: PaperAsked[];
  picked: Picked[];
  onChange: (picked: Picked[]) => void;
}
const SCANS_MS = 3000;

export function CounterPapers({ deskId, asked, picked, onChange }: Props) {
  const { t, language } = useLanguage();
  const { data, reload } = useLoad<{ items: Scan[] }>(`/reception/scans/${deskId}`, SCANS_MS);
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const free = (already: Picked[]): string =>
    asked.find((paper) => paper.asked && !already.some((each) => each.kind === paper.kind))?.kind ?? asked[0]?.kind ?? '';
  const add = (files: FileList | null): void => {
    let next = picked;
    for (const file of files ?? []) next = [...next, { kind: free(next), label: file.name, file }];
    onChange(next);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  const scans = data?.items.filter((scan) => !picked.some((each) => each.scanId === scan.id)) ?? [];
  return (
    <section className="panel">
      <h2>{t('reception.papers')}</h2>
      <p className="quiet">{t('reception.ocrLater')}</p>
      <ul className="plain asked">
        {asked.map((paper) => (
          <li key={paper.kind}>
            {picked.some((each) => each.kind === paper.kind) ? <Tag kind="good">✓</Tag> : <Tag kind={paper.asked ? 'warn' : ''}>○</Tag>}{' '}
            {paper.name[language]} {!paper.asked && <span className="quiet">{t('reception.derivable')}</span>}
          </li>
        ))}
      </ul>
      <div
        className={`drop ${over ? 'over' : ''}`}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{t('reception.drop')}</p>
        <label className="button second">
          {t('reception.choose')}
          <input
            ref={chooser}
            type="file"
            multiple
            className="hidden"
            accept="application/pdf,image/jpeg,image/png"
            onChange={(event) => {
              add(event.target.files);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      <ul className="models">
        {picked.map((each, index) => (
          <li key={`${each.label}${index}`}>
            <div>{each.label}</div>
            <select
              aria-label={t('reception.kindOf', { name: each.label })}
              value={each.kind}
              onChange={(event) => onChange(picked.map((old, at) => (at === index ? { ...old, kind: event.target.value } : old)))}
            >
              {asked.map((paper) => (
                <option key={paper.kind} value={paper.kind}>
                  {paper.name[language]}
                </option>
              ))}
            </select>
            <button type="button" className="link" onClick={() => onChange(picked.filter((_, at) => at !== index))}>
              {t('reception.takeOut')}
            </button>
          </li>
        ))}
      </ul>
      {scans.length > 0 && (
        <>
          <h3>{t('reception.scans')}</h3>
          <ul className="scans">
            {scans.map((scan) => (
              <li key={scan.id}>
                <img src={`/api/reception/scans/${deskId}/${scan.id}.png`} alt={scan.fileName} loading="lazy" />
                <div className="quiet">
                  {scan.fileName} · {t('reception.pages', { count: scan.pages })} {scan.codeFound && <Tag kind="info">{scan.codeFound}</Tag>}
                </div>
                <button
                  type="button"
                  className="button second"
                  onClick={() => onChange([...picked, { kind: free(picked), label: scan.fileName, scanId: scan.id }])}
                >
                  {t('reception.take')}
                </button>{' '}
                <button type="button" className="link" onClick={() => void remove(`/reception/scans/${deskId}/${scan.id}`).then(reload)}>
                  {t('reception.discard')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
