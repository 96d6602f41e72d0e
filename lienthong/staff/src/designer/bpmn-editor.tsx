/** bpmn-js with Zeebe's properties, element templates and our language. The bpmn.io mark stays free of everything. */
import Modeler from 'bpmn-js/lib/Modeler';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css';
import '@bpmn-io/properties-panel/assets/properties-panel.css';
import 'bpmn-js-element-templates/dist/assets/element-templates.css';
import { useEffect, useRef, useState } from 'react';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import ZeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebeModdle from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { bpmnTranslation } from '../shared/bpmn-translation';
import { useLanguage } from '../shared/i18n';
import type { Editing } from './model-bar';
import { TemplateChooser } from './template-chooser';
import { useLoad } from '../shared/use-load';

/** The palette lies over the left edge and the bpmn.io mark at the lower right: the fitted diagram leaves room (px). */
const PALETTE_ROOM = 130;
const EDGE_ROOM = 40;
/** A long diagram is shown whole on a desk; on a phone it starts readable, at its left end. */
const LEAST_SCALE = { desk: 0.2, phone: 0.45 };
const PHONE_WIDTH = 600;

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Canvas {
  viewbox: (area?: Area) => { inner: Area; outer: { width: number; height: number } };
  addMarker: (element: string, marker: string) => void;
  removeMarker: (element: string, marker: string) => void;
}

function fit(canvas: Canvas): void {
  const { inner, outer } = canvas.viewbox();
  const across = (outer.width - PALETTE_ROOM - EDGE_ROOM) / inner.width;
  const down = (outer.height - 2 * EDGE_ROOM) / inner.height;
  const scale = Math.max(outer.width < PHONE_WIDTH ? LEAST_SCALE.phone : LEAST_SCALE.desk, Math.min(1, across, down));
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: inner.x - PALETTE_ROOM / scale, y: inner.y - (height - inner.height) / 2, width, height });
}

export default function BpmnEditor({ content, setExport, onChange, problems }: Editing & { content: string }) {
  const { t, language } = useLanguage();
  const canvas = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const current = useRef(content);
  const [modeler, setModeler] = useState<Modeler | null>(null);
  const [failed, setFailed] = useState('');
  const { data: templates } = useLoad<{ templates: object[] }>('/models/element-templates');

  useEffect(() => {
    if (!canvas.current || !panel.current) return undefined;
    const made = new Modeler({
      container: canvas.current,
      propertiesPanel: { parent: panel.current },
      moddleExtensions: { zeebe: zeebeModdle },
      additionalModules: [
        BpmnPropertiesPanelModule,
        BpmnPropertiesProviderModule,
        ZeebePropertiesProviderModule,
        CloudElementTemplatesPropertiesProviderModule,
        ZeebeBehaviors,
        bpmnTranslation(language),
      ],
    });
    let gone = false;
    made
      .importXML(current.current)
      .then(() => {
        if (gone) return;
        fit(made.get<Canvas>('canvas'));
        setExport(async () => (await made.saveXML({ format: true })).xml ?? '');
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
      setModeler(null);
      made.destroy();
    };
  }, [language, onChange, setExport]);

  useEffect(() => {
    if (modeler && templates)
      modeler.get<{ setTemplates: (all: object[]) => void }>('elementTemplatesLoader').setTemplates(templates.templates);
  }, [modeler, templates]);

  useEffect(() => {
    if (!modeler) return undefined;
    const view = modeler.get<Canvas>('canvas');
    const registry = modeler.get<{ get: (id: string) => unknown }>('elementRegistry');
    const marked = problems.map((each) => each.elementId).filter((id) => registry.get(id));
    marked.forEach((id) => view.addMarker(id, 'lt-problem'));
    return () => marked.filter((id) => registry.get(id)).forEach((id) => view.removeMarker(id, 'lt-problem'));
  }, [modeler, problems]);

  return (
    <>
      {failed && <p className="notice bad">{t('diagram.failed', { reason: failed })}</p>}
      <TemplateChooser modeler={modeler} />
      <div className="editor">
        <div className="editor-canvas" ref={canvas} role="region" aria-label={t('diagram.label')} />
        <div className="editor-panel" ref={panel} role="region" aria-label={t('models.properties')} />
      </div>
    </>
  );
}
