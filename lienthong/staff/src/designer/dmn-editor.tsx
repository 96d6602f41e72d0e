/** Decisions in dmn-js: the diagram, tables, expressions, with Zeebe's properties and our language. */
import DmnModeler, { type View } from 'dmn-js/lib/Modeler';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn-embedded.css';
import '@bpmn-io/properties-panel/assets/properties-panel.css';
import { DmnPropertiesPanelModule, DmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'dmn-js-properties-panel';
import { useEffect, useRef, useState } from 'react';
import { bpmnTranslation, translateInside } from '../shared/bpmn-translation';
import bpmnVi from '../shared/i18n/bpmn.vi.json';
import dmnVi from '../shared/i18n/dmn.vi.json';
import { useLanguage } from '../shared/i18n';
import type { Editing } from './use-editing';

/** The version tag of Camunda 8, the one thing of its own that a DMN file of ours carries. */
const ZEEBE_MODDLE = {
  name: 'zeebe',
  prefix: 'zeebe',
  uri: 'http://camunda.org/schema/zeebe/1.0',
  xml: { tagAlias: 'lowerCase' },
  types: [{ name: 'VersionTag', superClass: ['Element'], properties: [{ name: 'value', isAttr: true, type: 'String' }] }],
};

interface Scrolling {
  scroll: (by: { dx: number; dy: number }) => void;
}
/** The box with the definitions' name lies over the upper left corner: the drawing begins below it (px). */
const DRAWING_MOVE = { dx: 40, dy: 90 };

const labelOf = (view: View): string => view.element.name || view.element.id;

export default function DmnEditor({ content, setExport, setReach, onChange }: Editing & { content: string }) {
  const { t, language } = useLanguage();
  const whole = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const current = useRef(content);
  const [modeler, setModeler] = useState<DmnModeler | null>(null);
  const [views, setViews] = useState<View[]>([]);
  const [active, setActive] = useState<View | undefined>();
  const [failed, setFailed] = useState('');

  useEffect(() => {
    if (!place.current || !panel.current || !whole.current) return undefined;
    const words = bpmnTranslation(language, dmnVi);
    const made = new DmnModeler({
      container: place.current,
      drd: {
        propertiesPanel: { parent: panel.current },
        additionalModules: [DmnPropertiesPanelModule, DmnPropertiesProviderModule, ZeebePropertiesProviderModule, words],
      },
      decisionTable: { additionalModules: [words] },
      literalExpression: { additionalModules: [words] },
      boxedExpression: { additionalModules: [words] },
      moddleExtensions: { zeebe: ZEEBE_MODDLE },
    });
    let gone = false;
    let importing = true;
    const listened = new Set<unknown>();
    const stop = translateInside(whole.current, language, { ...bpmnVi, ...dmnVi });
    const keep = (): void => {
      if (importing) return;
      onChange();
      void made.saveXML({ format: true }).then(({ xml }) => {
        current.current = xml;
      });
    };
    made.on('views.changed', () => {
      if (gone) return;
      setViews([...made.getViews()]);
      setActive(made.getActiveView());
      const viewer = made.getActiveViewer();
      if (viewer && !listened.has(viewer)) {
        listened.add(viewer);
        viewer.on('commandStack.changed', keep);
        if (made.getActiveView()?.type === 'drd') viewer.get<Scrolling>('canvas').scroll(DRAWING_MOVE);
        viewer.on('elements.changed', keep);
      }
    });
    const show = (id: string): void => {
      const view = made.getViews().find((each) => each.element.id === id || id.startsWith(each.element.id));
      if (view) void made.open(view);
    };
    made
      .importXML(current.current)
      .then(() => {
        if (gone) return;
        importing = false;
        setExport(async () => (await made.saveXML({ format: true })).xml);
        setReach(show);
        setModeler(made);
        const table = made.getViews().find((each) => each.type === 'decisionTable');
        if (table) void made.open(table);
      })
      .catch((failure: unknown) => !gone && setFailed(String(failure)));
    return () => {
      gone = true;
      stop();
      setModeler(null);
      made.destroy();
    };
  }, [language, onChange, setExport, setReach]);

  const isDiagram = active?.type === 'drd';
  return (
    <>
      {failed && <p className="notice bad">{t('diagram.failed', { reason: failed })}</p>}
      <div className="filters" role="group" aria-label={t('designer.dmn.views')}>
        {views.map((view) => (
          <button
            key={`${view.type}/${view.element.id}`}
            type="button"
            className="filter"
            aria-pressed={view.type === active?.type && view.element.id === active?.element.id}
            onClick={() => void modeler?.open(view)}
          >
            {view.type === 'drd' ? t('designer.dmn.diagram') : labelOf(view)}
          </button>
        ))}
      </div>
      <div className={`editor dmn ${isDiagram ? '' : 'no-panel'}`} ref={whole}>
        <div className="editor-canvas dmn-place" ref={place} role="region" aria-label={t('designer.dmn.label')} />
        <div className="editor-panel" ref={panel} role="region" aria-label={t('models.properties')} />
      </div>
    </>
  );
}
