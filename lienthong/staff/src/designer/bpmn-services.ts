/** The parts of bpmn-js that the designer's own panels use, as far as they use them. */
import type Modeler from 'bpmn-js/lib/Modeler';

export interface Moddle {
  $type: string;
  id?: string;
  name?: string;
  get: (name: string) => unknown;
  [name: string]: unknown;
}
export interface Shape {
  id: string;
  type: string;
  businessObject: Moddle;
  parent?: Shape;
  children?: Shape[];
  incoming: Shape[];
  outgoing: Shape[];
  source?: Shape;
  target?: Shape;
  labelTarget?: Shape;
  host?: Shape;
  attachers?: Shape[];
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Canvas {
  viewbox: (area?: Area) => { inner: Area; outer: { width: number; height: number }; scale: number };
  zoom: (level: number | string, center?: 'auto') => number;
  addMarker: (element: string, marker: string) => void;
  removeMarker: (element: string, marker: string) => void;
  scrollToElement: (element: string | Shape) => void;
  getRootElement: () => Shape;
  focus: () => void;
}
export interface Registry {
  get: (id: string) => Shape | undefined;
  getAll: () => Shape[];
}
export interface Selection {
  get: () => Shape[];
  select: (element: Shape | null) => void;
}
export interface Modeling {
  updateProperties: (element: Shape, values: Record<string, unknown>) => void;
  updateModdleProperties: (element: Shape, part: Moddle, values: Record<string, unknown>) => void;
  connect: (source: Shape, target: Shape) => Shape;
  removeElements: (elements: Shape[]) => void;
  moveElements: (shapes: Shape[], by: { x: number; y: number }) => void;
  createShape: (shape: Shape, middle: { x: number; y: number }, into: Shape) => Shape;
  updateLabel: (element: Shape, text: string) => void;
}
export interface ElementFactory {
  createShape: (options: Record<string, unknown>) => Shape;
}
export interface AutoPlace {
  append: (source: Shape, shape: Shape) => Shape;
}
export interface BpmnFactory {
  create: (type: string, values?: Record<string, unknown>) => Moddle;
}
export interface EditorActions {
  trigger: (action: string, options?: unknown) => unknown;
}
export interface CommandStack {
  canUndo: () => boolean;
  canRedo: () => boolean;
}
export interface Rules {
  allowed: (rule: string, context: object) => unknown;
}
export interface Overlays {
  add: (element: string, type: string, place: object) => string;
  remove: (filter: object) => void;
}

export const service = <T>(modeler: Modeler, name: string): T => modeler.get<T>(name);
export const nameOf = (shape: Shape): string => String(shape.businessObject.name ?? '').trim();

/** The texts inside an element that may be FEEL: what is set, on which part, under which name. */
export interface Setting {
  label: string;
  part: Moddle;
  property: string;
  value: string;
}

const TEXT_PROPERTIES: Record<string, string[]> = {
  'zeebe:TaskDefinition': ['type', 'retries'],
  'zeebe:AssignmentDefinition': ['assignee', 'candidateGroups', 'candidateUsers'],
  'zeebe:TaskSchedule': ['dueDate', 'followUpDate'],
  'zeebe:PriorityDefinition': ['priority'],
  'zeebe:FormDefinition': ['formId', 'versionTag'],
  'zeebe:CalledElement': ['processId', 'versionTag'],
  'zeebe:CalledDecision': ['decisionId', 'resultVariable', 'versionTag'],
  'zeebe:Script': ['expression', 'resultVariable'],
  'zeebe:LoopCharacteristics': ['inputCollection', 'inputElement', 'outputCollection', 'outputElement'],
  'zeebe:Subscription': ['correlationKey'],
};
const list = (value: unknown): Moddle[] => (Array.isArray(value) ? (value as Moddle[]) : []);
const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

function extensionSettings(object: Moddle, label: string): Setting[] {
  const inside = object.get('extensionElements') as Moddle | undefined;
  const found: Setting[] = [];
  for (const part of list(inside?.get('values'))) {
    for (const property of TEXT_PROPERTIES[part.$type] ?? [])
      found.push({ label: `${label}${property}`, part, property, value: text(part.get(property)) });
    if (part.$type === 'zeebe:IoMapping')
      for (const kind of ['inputParameters', 'outputParameters'])
        for (const each of list(part.get(kind)))
          found.push({ label: `${kind === 'inputParameters' ? '→' : '←'} ${text(each.get('target'))}`, part: each, property: 'source', value: text(each.get('source')) });
    if (part.$type === 'zeebe:TaskHeaders')
      for (const each of list(part.get('values')))
        found.push({ label: `# ${text(each.get('key'))}`, part: each, property: 'value', value: text(each.get('value')) });
  }
  return found;
}

/** Everything that is set as text in an element, in the order in which it is shown. */
export function settingsOf(shape: Shape): Setting[] {
  const object = shape.businessObject;
  const found: Setting[] = extensionSettings(object, '');
  const condition = object.conditionExpression as Moddle | undefined;
  if (condition) found.push({ label: 'condition', part: condition, property: 'body', value: text(condition.body) });
  for (const event of list(object.eventDefinitions)) {
    for (const timer of ['timeDate', 'timeDuration', 'timeCycle']) {
      const part = event[timer] as Moddle | undefined;
      if (part) found.push({ label: timer, part, property: 'body', value: text(part.body) });
    }
    const message = event.messageRef as Moddle | undefined;
    if (message) {
      found.push({ label: 'message', part: message, property: 'name', value: text(message.name) });
      found.push(...extensionSettings(message, ''));
    }
    const error = event.errorRef as Moddle | undefined;
    if (error) found.push({ label: 'errorCode', part: error, property: 'errorCode', value: text(error.errorCode) });
  }
  const loop = object.loopCharacteristics as Moddle | undefined;
  if (loop) found.push(...extensionSettings(loop, ''));
  return found;
}

export function documentationOf(shape: Shape): string {
  return text(list(shape.businessObject.documentation)[0]?.text);
}

export function setDocumentation(modeler: Modeler, shape: Shape, words: string): void {
  const modeling = service<Modeling>(modeler, 'modeling');
  const there = list(shape.businessObject.documentation)[0];
  if (there) return modeling.updateModdleProperties(shape, there, { text: words });
  const made = service<BpmnFactory>(modeler, 'bpmnFactory').create('bpmn:Documentation', { text: words });
  modeling.updateProperties(shape, { documentation: [made] });
}
