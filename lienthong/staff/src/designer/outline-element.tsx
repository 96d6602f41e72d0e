/** One element in the outline: its name, settings and ways, each a plain field or button. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { useState } from 'react';
import { type TextKey, textOr, useT } from '../shared/i18n';
import type { AutoPlace, BpmnFactory, ElementFactory, Modeling, Moddle, Rules, Shape } from './bpmn-services';
import { documentationOf, nameOf, service, setDocumentation, settingsOf } from './bpmn-services';
import { insertInto } from './insert-step';
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
const INSERTED = ['UserTask', 'ServiceTask', 'BusinessRuleTask', 'CallActivity'] as const;
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
  const insert = (flow: Shape, type: string): void => {
    const made = service<ElementFactory>(modeler, 'elementFactory').createShape({ type: `bpmn:${type}` });
    onChoose(insertInto(modeler, flow, made));
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
      <Ways modeler={modeler} shape={shape} onChoose={onChoose} onInsert={insert} />
      {canGoOn && (
        <>
          <ChooseAndDo
            name="add"
            label={t('designer.addAfter')}
            empty={t('designer.chooseKind')}
            act={t('designer.add')}
            choices={ADDED.map((type) => [type, t(`designer.kind.${type}` as TextKey)])}
            onDo={add}
          />
          <ChooseAndDo
            name="connect"
            label={t('designer.connectTo')}
            empty={t('designer.chooseTarget')}
            act={t('designer.connect')}
            choices={targets.map((each) => [each.id, nameOf(each) || each.id])}
            onDo={(id) => {
              const target = targets.find((each) => each.id === id);
              if (target) modeling.connect(shape, target);
            }}
          />
        </>
      )}
      <button type="button" className="button danger" onClick={() => modeling.removeElements([shape])}>
        {t('designer.removeElement')}
      </button>
    </div>
  );
}

interface ChooseProps {
  name: 'add' | 'connect' | 'insert';
  label: string;
  empty: string;
  act: string;
  choices: [string, string][];
  onDo: (id: string) => void;
}

/** A choice, and a button that does it: arrow keys may go through the choices without anything happening. */
function ChooseAndDo({ name, label, empty, act, choices, onDo }: ChooseProps) {
  const [chosen, setChosen] = useState('');
  return (
    <form
      className="actions choose"
      data-act={name}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) onDo(chosen);
        setChosen('');
      }}
    >
      <label>
        {label}{' '}
        <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="">{empty}</option>
          {choices.map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button second" disabled={!chosen}>
        {act}
      </button>
    </form>
  );
}

/** The flows that leave an element: where to, under which condition. */
interface WaysProps {
  modeler: Modeler;
  shape: Shape;
  onChoose: (shape: Shape) => void;
  onInsert: (flow: Shape, type: string) => void;
}

function Ways({ modeler, shape, onChoose, onInsert }: WaysProps) {
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
          </button>{' '}
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
          <ChooseAndDo
            name="insert"
            label={t('designer.insertHere')}
            empty={t('designer.chooseKind')}
            act={t('designer.insert')}
            choices={INSERTED.map((type) => [type, t(`designer.kind.${type}` as TextKey)])}
            onDo={(type) => onInsert(flow, type)}
          />
        </li>
      ))}
    </ul>
  );
}
