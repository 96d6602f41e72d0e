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
  removeMarker: (element: string, marker: string) => void;
  scrollToElement: (element: string) => void;
}
interface Overlays {
  add: (element: string, place: object) => string;
  remove: (id: string) => void;
}
export interface Note {
  elementId: string;
  text: string;
  title: string;
  kind: string;
}
interface Props {
  xml: string;
  elements: ElementCount[];
  flows?: string[];
  /** Classes for elements and flows beyond the counts: `{ approve: 'lt-added' }`. */
  marks?: Record<string, string>;
  notes?: Note[];
  /** The element to bring into view. */
  shown?: string;
  onElement?: (elementId: string) => void;
}

const NO_FLOWS: string[] = [];
const NO_MARKS: Record<string, string> = {};
const NO_NOTES: Note[] = [];

export function badge(text: string, kind: string, title: string): HTMLElement {
  const element = document.createElement('div');
  element.className = `badge ${kind}`;
  element.textContent = text;
  element.title = title;
  return element;
}

interface Paint {
  elements: ElementCount[];
  flows: string[];
  marks: Record<string, string>;
  notes: Note[];
  titles: { active: string; incident: string };
}

/** Colours and badges; what it returns takes them away again. */
function paint(viewer: NavigatedViewer, { elements, flows, marks, notes, titles }: Paint): () => void {
  const canvas = viewer.get<Canvas>('canvas');
  const overlays = viewer.get<Overlays>('overlays');
  const registry = viewer.get<{ get: (id: string) => unknown }>('elementRegistry');
  const marked: [string, string][] = [];
  const added: string[] = [];
  const mark = (id: string, kind: string): void => {
    if (!registry.get(id)) return;
    canvas.addMarker(id, kind);
    marked.push([id, kind]);
  };
  const note = (id: string, position: object, html: HTMLElement): void => {
    if (registry.get(id)) added.push(overlays.add(id, { position, html }));
  };
  flows.forEach((flow) => mark(flow, 'lt-taken'));
  Object.entries(marks).forEach(([id, kind]) => mark(id, kind));
  for (const count of elements) {
    if (count.active > 0) mark(count.elementId, 'lt-active');
    else if (count.completed > 0) mark(count.elementId, 'lt-completed');
    if (count.active > 0) note(count.elementId, { bottom: 10, left: -10 }, badge(String(count.active), 'active', titles.active));
    if (count.incidents > 0)
      note(count.elementId, { bottom: 10, right: 12 }, badge(String(count.incidents), 'incident', titles.incident));
  }
  notes.forEach((each) => note(each.elementId, { top: -14, left: 4 }, badge(each.text, each.kind, each.title)));
  return () => {
    marked.filter(([id]) => registry.get(id)).forEach(([id, kind]) => canvas.removeMarker(id, kind));
    added.forEach((id) => overlays.remove(id));
  };
}

export function Diagram({ xml, elements, flows = NO_FLOWS, marks = NO_MARKS, notes = NO_NOTES, shown, onElement }: Props) {
  const { t, language } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<NavigatedViewer | null>(null);
  const [failed, setFailed] = useState('');
  const chosen = useRef(onElement);
  chosen.current = onElement;
  useEffect(() => {
    if (!place.current) return undefined;
    const made = new NavigatedViewer({ container: place.current, additionalModules: [bpmnTranslation(language)] });
    let gone = false;
    setFailed('');
    made
      .importXML(xml)
      .then(() => {
        if (gone) return;
        made.get<Canvas>('canvas').zoom('fit-viewport', 'auto');
        made.on('element.click', (event: { element: { id: string } }) => chosen.current?.(event.element.id));
        setViewer(made);
      })
      .catch((failure: unknown) => !gone && setFailed(String(failure)));
    return () => {
      gone = true;
      setViewer(null);
      made.destroy();
    };
  }, [xml, language]);
  useEffect(() => {
    if (!viewer) return undefined;
    const titles = { active: t('diagram.active'), incident: t('diagram.incident') };
    const undo = paint(viewer, { elements, flows, marks, notes, titles });
    return () => {
      if (viewer.get<{ _container?: HTMLElement }>('canvas')._container?.isConnected) undo();
    };
  }, [viewer, elements, flows, marks, notes, t]);
  useEffect(() => {
    if (viewer && shown && viewer.get<{ get: (id: string) => unknown }>('elementRegistry').get(shown))
      viewer.get<Canvas>('canvas').scrollToElement(shown);
  }, [viewer, shown]);
  return (
    <>
      {failed && <p className="notice bad">{t('diagram.failed', { reason: failed })}</p>}
      <div className="diagram" ref={place} role="region" aria-label={t('diagram.label')} />
    </>
  );
}
