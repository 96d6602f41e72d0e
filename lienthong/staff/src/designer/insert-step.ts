/** Putting a step into a way of the diagram. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { type Modeling, service, type Shape } from './bpmn-services';

const ROOM = 150;
const GAP = 50;

/** What stands behind moves aside, and the way goes through the new step; the step. */
export function insertInto(modeler: Modeler, flow: Shape, made: Shape): Shape {
  const modeling = service<Modeling>(modeler, 'modeling');
  const source = flow.source as Shape;
  const edge = source.x + source.width;
  const behind = (flow.parent?.children ?? []).filter((each) => !each.source && each.type !== 'label' && !each.host && each.x >= edge);
  modeling.moveElements(behind, { x: ROOM, y: 0 });
  const middle = { x: edge + GAP + made.width / 2, y: source.y + source.height / 2 };
  return modeling.createShape(made, middle, flow);
}
