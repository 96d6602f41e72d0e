/** bpmn-js with Zeebe's properties, element templates and our language. The bpmn.io mark stays free of everything. */
import Modeler from 'bpmn-js/lib/Modeler';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css';
import '@bpmn-io/properties-panel/assets/properties-panel.css';
import 'bpmn-js-element-templates/dist/assets/element-templates.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import { useEffect, useRef, useState } from 'react';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import ColorPickerModule from 'bpmn-js-color-picker';
import ZeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import MinimapModule from 'diagram-js-minimap';
import zeebeModdle from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { bpmnTranslation, translateInside } from '../shared/bpmn-translation';
import bpmnVi from '../shared/i18n/bpmn.vi.json';
import { useLanguage } from '../shared/i18n';
import { useLoad } from '../shared/use-load';
import type { Canvas, Overlays, Registry, Selection } from './bpmn-services';
import { FeelPanel } from './feel-panel';
import { Outline } from './outline';
import { TemplateChooser } from './template-chooser';
import { Toolbar } from './toolbar';
import type { Finding, LimitNote } from './types';
import type { Editing } from './use-editing';

/** The palette lies over the left edge and the bpmn.io mark at the lower right: the fitted diagram leaves room (px). */
const PALETTE_ROOM = 130;
const EDGE_ROOM = 40;
/** A long diagram is shown whole on a desk; on a phone it starts readable, at its left end. */
const LEAST_SCALE = { desk: 0.2, phone: 0.45 };
const PHONE_WIDTH = 600;

function fit(canvas: Canvas): void {
  const { inner, outer } = canvas.viewbox();
  const across = (outer.width - PALETTE_ROOM - EDGE_ROOM) / inner.width;
  const down = (outer.height - 2 * EDGE_ROOM) / inner.height;
  const scale = Math.max(outer.width < PHONE_WIDTH ? LEAST_SCALE.phone : LEAST_SCALE.desk, Math.min(1, across, down));
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: inner.x - PALETTE_ROOM / scale, y: inner.y - (height - inner.height) / 2, width, height });
}

export function reachElement(modeler: Modeler, id: string): void {
  const element = modeler.get<Registry>('elementRegistry').get(id);
  if (!element) return;
  modeler.get<Canvas>('canvas').scrollToElement(element);
  modeler.get<Selection>('selection').select(element);
}

/** The elements with findings are outlined on the drawing. */
function useMarks(modeler: Modeler | null, findings: Finding[]): void {
  useEffect(() => {
    if (!modeler) return undefined;
    const view = modeler.get<Canvas>('canvas');
    const registry = modeler.get<Registry>('elementRegistry');
    const marked = findings
      .map((each) => [each.elementId, each.severity === 'error' ? 'lt-problem' : 'lt-warned'] as const)
      .filter(([id]) => registry.get(id));
    marked.forEach(([id, kind]) => view.addMarker(id, kind));
    return () => marked.filter(([id]) => registry.get(id)).forEach(([id, kind]) => view.removeMarker(id, kind));
  }, [modeler, findings]);
}

/** The time limits of the law, over the elements to which they belong. */
function useLimits(modeler: Modeler | null, path: string, shown: boolean): void {
  const { language, t } = useLanguage();
  const { data } = useLoad<{ limits: LimitNote[] }>(`/designer/limits/${path.split('/').map(encodeURIComponent).join('/')}`);
  useEffect(() => {
    if (!modeler || !data || !shown) return undefined;
    const overlays = modeler.get<Overlays>('overlays');
    const registry = modeler.get<Registry>('elementRegistry');
    const byElement = new Map<string, LimitNote[]>();
    data.limits.forEach((each) => byElement.set(each.elementId, [...(byElement.get(each.elementId) ?? []), each]));
    for (const [id, notes] of byElement) {
      if (!registry.get(id)) continue;
      const html = document.createElement('div');
      html.className = 'limit-note';
      html.textContent = notes.map((each) => `${each.code ? `${each.code}: ` : ''}${each.text[language]}${each.when ? ` (${each.when})` : ''}`).join('\n');
      html.title = notes.map((each) => t('designer.limitTitle', { basis: each.basis, mark: each.mark })).join('\n');
      overlays.add(id, 'law-limit', { position: { bottom: -4, left: 0 }, html });
    }
    return () => overlays.remove({ type: 'law-limit' });
  }, [modeler, data, language, shown, t]);
}

export default function BpmnEditor({ content, path, setExport, setReach, onChange, findings }: Editing & { content: string; path: string }) {
  const { t, language } = useLanguage();
  const whole = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const current = useRef(content);
  const [modeler, setModeler] = useState<Modeler | null>(null);
  const [failed, setFailed] = useState('');
  const [limits, setLimits] = useState(true);
  const { data: templates } = useLoad<{ templates: object[] }>('/models/element-templates');
  useMarks(modeler, findings);
  useLimits(modeler, path, limits);

  useEffect(() => {
    if (!canvas.current || !panel.current || !whole.current) return undefined;
    const made = new Modeler({
      container: canvas.current,
      propertiesPanel: { parent: panel.current },
      moddleExtensions: { zeebe: zeebeModdle },
      minimap: { open: window.innerWidth > 1100 },
      additionalModules: [
        BpmnPropertiesPanelModule,
        BpmnPropertiesProviderModule,
        ZeebePropertiesProviderModule,
        CloudElementTemplatesPropertiesProviderModule,
        ZeebeBehaviors,
        ColorPickerModule,
        MinimapModule,
        bpmnTranslation(language),
      ],
    });
    let gone = false;
    const stop = translateInside(whole.current, language, bpmnVi);
    made
      .importXML(current.current)
      .then(() => {
        if (gone) return;
        fit(made.get<Canvas>('canvas'));
        setExport(async () => (await made.saveXML({ format: true })).xml ?? '');
        setReach((id) => reachElement(made, id));
        made.on('commandStack.changed', () => {
          onChange();
          void made.saveXML({ format: true }).then(({ xml }) => {
            if (xml) current.current = xml;
          });
        });
        setModeler(made);
      })
      .catch((failure: unknown) => !gone && setFailed(String(failure)));
    return () => {
      gone = true;
      stop();
      setModeler(null);
      made.destroy();
    };
  }, [language, onChange, setExport, setReach]);

  useEffect(() => {
    if (modeler && templates)
      modeler.get<{ setTemplates: (all: object[]) => void }>('elementTemplatesLoader').setTemplates(templates.templates);
  }, [modeler, templates]);

  return (
    <>
      {failed && <p className="notice bad">{t('diagram.failed', { reason: failed })}</p>}
      <Toolbar modeler={modeler} limits={limits} onLimits={() => setLimits((old) => !old)} onFit={() => modeler && fit(modeler.get<Canvas>('canvas'))} />
      <TemplateChooser modeler={modeler} />
      <div className="editor" ref={whole}>
        <div className="editor-canvas" ref={canvas} role="region" aria-label={t('diagram.label')} />
        <div className="editor-panel" ref={panel} role="region" aria-label={t('models.properties')} />
      </div>
      <div className="editor-aside">
        <Outline modeler={modeler} />
        <FeelPanel modeler={modeler} />
      </div>
    </>
  );
}
