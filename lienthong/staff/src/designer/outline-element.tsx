/** One element in the outline: its name, settings and ways, each a plain field or button. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { useState } from 'react';
import { type TextKey, textOr, useT } from '../shared/i18n';
import type { AutoPlace, BpmnFactory, ElementFactory, Modeling, Moddle, Rules, Shape } from './bpmn-services';
import { documentationOf, nameOf, service, setDocumentation, settingsOf } from './bpmn-services';
import { kindName } from './outline';

interface Props {
  modeler: Modeler;
  shape: Shape;
  elements: Shape[];
  onChoose: (shape: Shape) => void;
}
const ADDED = [
  'UserTask', 'ServiceTask', 'BusinessRuleTask', 'CallActivity', 'ExclusiveGateway', 'ParallelGateway', 'IntermediateCatchEvent',
  'EndEvent',
] as const;
const EVENT_DEFINITIONS: Record<string, string> = { IntermediateCatchEvent: 'bpmn:TimerEventDefinition' };

/** A field whose text becomes a change when it is left, so that one undo takes one change back. */
export function Field({ label, value, many, onSet }: { label: string; value: string; many?: boolean; onSet: (text: string) => void }) {
  const [text, setText] = useState<string | null>(null);
  const given = {
    value: text ?? value,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onBlur: () => {
      if (text !== null && text !== value) onSet(text);
      setText(null);
    },
  };
  return (
    <label className="outline-field">
      <span>{label}</span>
      {many ? <textarea rows={3} {...given} /> : <input {...given} />}
    </label>
  );
}

export function OutlineElement({ modeler, shape, elements, onChoose }: Props) {
  const t = useT();
  const modeling = service<Modeling>(modeler, 'modeling');
  const add = (type: string): void => {
    const made = service<ElementFactory>(modeler, 'elementFactory').createShape({
      type: `bpmn:${type}`,
      ...(EVENT_DEFINITIONS[type] ? { eventDefinitionType: EVENT_DEFINITIONS[type] } : {}),
    });
    onChoose(service<AutoPlace>(modeler, 'autoPlace').append(shape, made));
  };
  const canGoOn = !['bpmn:EndEvent'].includes(shape.type) && !shape.source;
  const targets = elements.filter(
    (each) =>
      each !== shape &&
      !shape.outgoing.some((flow) => flow.target === each) &&
      !!service<Rules>(modeler, 'rules').allowed('connection.create', { source: shape, target: each }),
  );
  return (
    <div className="outline-element" data-model-text>
      <h3>
        {nameOf(shape) || shape.id} <small>{kindName(t, shape)}</small>
      </h3>
      <Field label={t('designer.name')} value={nameOf(shape)} onSet={(name) => modeling.updateProperties(shape, { name })} />
      <Field label={t('designer.documentation')} value={documentationOf(shape)} many onSet={(words) => setDocumentation(modeler, shape, words)} />
      {settingsOf(shape).map((setting, index) => (
        <Field
          key={`${setting.label}${index}`}
          label={textOr(t, `designer.setting.${setting.label}`, setting.label)}
          value={setting.value}
          onSet={(value) => modeling.updateModdleProperties(shape, setting.part, { [setting.property]: value })}
        />
      ))}
      <Ways modeler={modeler} shape={shape} onChoose={onChoose} />
      {canGoOn && (
        <div className="actions">
          <label>
            {t('designer.addAfter')}{' '}
            <select value="" onChange={(event) => event.target.value && add(event.target.value)}>
              <option value="">{t('designer.chooseKind')}</option>
              {ADDED.map((type) => (
                <option key={type} value={type}>
                  {t(`designer.kind.${type}` as TextKey)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('designer.connectTo')}{' '}
            <select
              value=""
              onChange={(event) => {
                const target = targets.find((each) => each.id === event.target.value);
                if (target) modeling.connect(shape, target);
              }}
            >
              <option value="">{t('designer.chooseTarget')}</option>
              {targets.map((each) => (
                <option key={each.id} value={each.id}>
                  {nameOf(each) || each.id}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <button type="button" className="button danger" onClick={() => modeling.removeElements([shape])}>
        {t('designer.removeElement')}
      </button>
    </div>
  );
}

/** The flows that leave an element: where to, under which condition. */
function Ways({ modeler, shape, onChoose }: { modeler: Modeler; shape: Shape; onChoose: (shape: Shape) => void }) {
  const t = useT();
  const modeling = service<Modeling>(modeler, 'modeling');
  const setCondition = (flow: Shape, body: string): void => {
    const made = body ? service<BpmnFactory>(modeler, 'bpmnFactory').create('bpmn:FormalExpression', { body }) : undefined;
    modeling.updateProperties(flow, { conditionExpression: made });
  };
  const choosing = /ExclusiveGateway|InclusiveGateway/.test(shape.type);
  if (shape.outgoing.length === 0) return null;
  return (
    <ul className="plain ways">
      {shape.outgoing.map((flow) => (
        <li key={flow.id}>
          <button type="button" className="link" onClick={() => flow.target && onChoose(flow.target)}>
            → {flow.target ? nameOf(flow.target) || flow.target.id : ''}
          </button>
          {choosing && (
            <>
              <Field label={t('designer.flowName')} value={nameOf(flow)} onSet={(name) => modeling.updateProperties(flow, { name })} />
              <Field
                label={t('designer.condition')}
                value={String((flow.businessObject.conditionExpression as Moddle | undefined)?.body ?? '')}
                onSet={(body) => setCondition(flow, body)}
              />
            </>
          )}
          <button type="button" className="link" onClick={() => modeling.removeElements([flow])}>
            {t('designer.removeFlow')}
          </button>
        </li>
      ))}
    </ul>
  );
}
