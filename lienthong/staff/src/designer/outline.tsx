/** The diagram as a list beside the canvas, for the keyboard and the ear: read, add, connect, rename, set, remove. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { useEffect, useMemo, useState } from 'react';
import { textOr, useT } from '../shared/i18n';
import type { Canvas, Registry, Selection, Shape } from './bpmn-services';
import { nameOf, service } from './bpmn-services';
import { OutlineElement } from './outline-element';

const isShown = (shape: Shape): boolean =>
  !shape.labelTarget && shape.type !== 'label' && !shape.source && /^bpmn:(?!Process$|Collaboration$|Lane)/.test(shape.type);

/** Elements in the order in which a dossier meets them; what nothing leads to comes last. */
function inOrder(all: Shape[]): Shape[] {
  const inside = new Set(all);
  const seen = new Set<Shape>();
  const found: Shape[] = [];
  const visit = (shape: Shape): void => {
    if (seen.has(shape) || !inside.has(shape)) return;
    seen.add(shape);
    found.push(shape);
    (shape.attachers ?? []).forEach((each) => {
      if (inside.has(each) && !seen.has(each)) visit(each);
    });
    shape.outgoing.forEach((flow) => flow.target && visit(flow.target));
  };
  all.filter((shape) => shape.incoming.length === 0 && !shape.host).sort((one, other) => one.x - other.x).forEach(visit);
  all.forEach(visit);
  return found;
}

const depthOf = (shape: Shape): number => (shape.parent?.type.endsWith('SubProcess') ? depthOf(shape.parent) + 1 : 0);

export function useTurns(modeler: Modeler | null): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!modeler) return undefined;
    const next = (): void => setTurn((old) => old + 1);
    const events = ['commandStack.changed', 'selection.changed', 'import.done'];
    events.forEach((name) => modeler.on(name, next));
    return () => events.forEach((name) => modeler.off(name, next));
  }, [modeler]);
  return turn;
}

export const kindName = (t: ReturnType<typeof useT>, shape: Shape): string => {
  const event = (shape.businessObject.eventDefinitions as { $type: string }[] | undefined)?.[0];
  const plain = textOr(t, `designer.kind.${shape.type.replace('bpmn:', '')}`, shape.type.replace('bpmn:', ''));
  return event ? `${plain} · ${textOr(t, `designer.kind.${event.$type.replace('bpmn:', '')}`, '')}` : plain;
};

export function Outline({ modeler }: { modeler: Modeler | null }) {
  const t = useT();
  const turn = useTurns(modeler);
  const elements = useMemo(() => {
    void turn;
    return modeler ? inOrder(service<Registry>(modeler, 'elementRegistry').getAll().filter(isShown)) : [];
  }, [modeler, turn]);
  const chosen = modeler ? service<Selection>(modeler, 'selection').get()[0] : undefined;
  if (!modeler) return null;
  const choose = (shape: Shape): void => {
    service<Canvas>(modeler, 'canvas').scrollToElement(shape);
    service<Selection>(modeler, 'selection').select(shape);
  };
  return (
    <section className="panel outline" aria-label={t('designer.outline')}>
      <h2>{t('designer.outline')}</h2>
      <div className="outline-columns">
        <ol className="outline-list">
          {elements.map((shape) => (
            <li key={shape.id} style={{ marginInlineStart: `${depthOf(shape) + (shape.host ? 1 : 0)}rem` }}>
              <button type="button" aria-pressed={shape === chosen} data-element={shape.id} onClick={() => choose(shape)}>
                <span data-model-text>{nameOf(shape) || shape.id}</span> <small>{kindName(t, shape)}</small>
                {shape.outgoing.length > 0 && (
                  <small data-model-text>→ {shape.outgoing.map((flow) => (flow.target ? nameOf(flow.target) || flow.target.id : '')).join(', ')}</small>
                )}
              </button>
            </li>
          ))}
        </ol>
        {chosen ? (
          <OutlineElement key={chosen.id} modeler={modeler} shape={chosen} elements={elements} onChoose={choose} />
        ) : (
          <p className="quiet">{t('designer.outlineChoose')}</p>
        )}
      </div>
    </section>
  );
}
