/** A read-only diagram (bpmn-js NavigatedViewer): tokens as counts, taken flows and finished elements coloured. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import { useEffect, useRef, useState } from 'react';
import { bpmnTranslation } from './bpmn-translation';
import { useLanguage } from './i18n';
import type { ElementCount } from './types';

interface Canvas {
  zoom: (kind: string, center?: 'auto') => number;
  addMarker: (element: string, marker: string) => void;
}
interface Overlays {
  add: (element: string, place: object) => string;
}
interface Props {
  xml: string;
  elements: ElementCount[];
  flows?: string[];
  onElement?: (elementId: string) => void;
}

const NO_FLOWS: string[] = [];

function badge(text: string, kind: string, title: string): HTMLElement {
  const element = document.createElement('div');
  element.className = `badge ${kind}`;
  element.textContent = text;
  element.title = title;
  return element;
}

function paint(viewer: NavigatedViewer, elements: ElementCount[], flows: string[], titles: Record<string, string>): void {
  const canvas = viewer.get<Canvas>('canvas');
  const overlays = viewer.get<Overlays>('overlays');
  const registry = viewer.get<{ get: (id: string) => unknown }>('elementRegistry');
  for (const flow of flows) if (registry.get(flow)) canvas.addMarker(flow, 'lt-taken');
  for (const count of elements) {
    if (!registry.get(count.elementId)) continue;
    if (count.active > 0) canvas.addMarker(count.elementId, 'lt-active');
    else if (count.completed > 0) canvas.addMarker(count.elementId, 'lt-completed');
    if (count.active > 0)
      overlays.add(count.elementId, {
        position: { bottom: 10, left: -10 },
        html: badge(String(count.active), 'active', titles['active'] ?? ''),
      });
    if (count.incidents > 0)
      overlays.add(count.elementId, {
        position: { bottom: 10, right: 12 },
        html: badge(String(count.incidents), 'incident', titles['incident'] ?? ''),
      });
  }
}

export function Diagram({ xml, elements, flows = NO_FLOWS, onElement }: Props) {
  const { t, language } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState('');
  const chosen = useRef(onElement);
  chosen.current = onElement;
  useEffect(() => {
    if (!place.current) return undefined;
    const viewer = new NavigatedViewer({ container: place.current, additionalModules: [bpmnTranslation(language)] });
    let gone = false;
    viewer
      .importXML(xml)
      .then(() => {
        if (gone) return;
        viewer.get<Canvas>('canvas').zoom('fit-viewport', 'auto');
        paint(viewer, elements, flows, { active: t('diagram.active'), incident: t('diagram.incident') });
        viewer.on('element.click', (event: { element: { id: string } }) => chosen.current?.(event.element.id));
      })
      .catch((failure: unknown) => !gone && setFailed(String(failure)));
    return () => {
      gone = true;
      viewer.destroy();
    };
  }, [xml, elements, flows, language, t]);
  return (
    <>
      {failed && <p className="notice bad">{t('diagram.failed', { reason: failed })}</p>}
      <div className="diagram" ref={place} role="region" aria-label={t('diagram.label')} />
    </>
  );
}
