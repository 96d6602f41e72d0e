import { useEffect, useRef, useState } from 'react';
import { percent } from '../shared/format';
import { textOr, useLanguage } from '../shared/i18n';
import type { PaperItem } from '../shared/types';

interface Props {
  paper: PaperItem;
  page: number;
  field: string | null;
  onPage: (page: number) => void;
  onField: (name: string) => void;
}
const ZOOMS = [0.75, 1, 1.5, 2, 3];
const WIDTH_PX = 1100;

export function PagePicture({ paper, page, field, onPage, onField }: Props) {
  const { t } = useLanguage();
  const [zoom, setZoom] = useState(1);
  const [failed, setFailed] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const source = `/api/documents/${paper.id}/pages/${page}.png?width=${zoom > 1.5 ? WIDTH_PX * 2 : WIDTH_PX}`;
  useEffect(() => setFailed(false), [source]);
  useEffect(() => {
    const mark = frame.current?.querySelector<HTMLElement>('.mark[aria-pressed=true]');
    if (!mark || !frame.current) return;
    frame.current.scrollTo({
      top: mark.offsetTop - frame.current.clientHeight / 2,
      left: mark.offsetLeft - frame.current.clientWidth / 2,
    });
  }, [field, page, zoom]);
  const turn = (step: number): void => setZoom((old) => ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, ZOOMS.indexOf(old) + step))] ?? 1);
  return (
    <div className="picture">
      <div className="picture-bar">
        <button type="button" onClick={() => onPage(page - 1)} disabled={page <= 1} aria-label={t('papers.previous')}>
          ‹
        </button>
        <span>{t('papers.page', { page, pages: paper.pages })}</span>
        <button type="button" onClick={() => onPage(page + 1)} disabled={page >= paper.pages} aria-label={t('papers.next')}>
          ›
        </button>
        <button type="button" onClick={() => turn(-1)} disabled={zoom === ZOOMS[0]} aria-label={t('papers.smaller')}>
          −
        </button>
        <span>{percent(zoom)}</span>
        <button type="button" onClick={() => turn(1)} disabled={zoom === ZOOMS.at(-1)} aria-label={t('papers.larger')}>
          +
        </button>
        <a href={`/api/documents/${paper.id}/content`} className="download">
          {t('papers.download')}
        </a>
      </div>
      <div className="frame" ref={frame} tabIndex={0} role="region" aria-label={paper.fileName}>
        {failed ? (
          <p className="empty">{t('papers.failed')}</p>
        ) : (
          <div className="sheet" style={{ width: `${zoom * 100}%` }}>
            <img src={source} alt={t('papers.alt', { name: paper.fileName, page })} onError={() => setFailed(true)} />
            {paper.fields
              .filter((each) => each.page === page && each.width > 0)
              .map((each) => (
                <button
                  type="button"
                  key={each.name}
                  className={`mark ${each.needsReview ? 'doubt' : 'sure'}`}
                  aria-pressed={each.name === field}
                  aria-label={textOr(t, `field.${each.name}`, each.name)}
                  title={`${textOr(t, `field.${each.name}`, each.name)}: ${each.value} (${percent(each.confidence)})`}
                  style={{
                    left: `${each.x * 100}%`,
                    top: `${each.y * 100}%`,
                    width: `${each.width * 100}%`,
                    height: `${each.height * 100}%`,
                  }}
                  onClick={() => onField(each.name)}
                />
              ))}
          </div>
        )}
      </div>
    </div>
  );
}
