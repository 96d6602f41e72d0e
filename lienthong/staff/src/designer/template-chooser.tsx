/** Which job type an element does: the element templates that fit the chosen element. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { useEffect, useState } from 'react';
import { useT } from '../shared/i18n';

interface Template {
  id: string;
  name: string;
}
interface ElementTemplates {
  getLatest: (element: object) => Template[];
  get: (element: object) => Template | null;
  applyTemplate: (element: object, template: Template) => object;
}

export function TemplateChooser({ modeler }: { modeler: Modeler | null }) {
  const t = useT();
  const [element, setElement] = useState<object | null>(null);
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (!modeler) return undefined;
    const onSelect = ({ newSelection }: { newSelection: object[] }): void =>
      setElement(newSelection.length === 1 ? (newSelection[0] ?? null) : null);
    const onChanged = (): void => setTurn((old) => old + 1);
    modeler.on('selection.changed', onSelect);
    modeler.on('commandStack.changed', onChanged);
    return () => {
      modeler.off('selection.changed', onSelect);
      modeler.off('commandStack.changed', onChanged);
      setElement(null);
    };
  }, [modeler]);
  const service = modeler?.get<ElementTemplates>('elementTemplates', false);
  const fitting = element && service ? service.getLatest(element) : [];
  const now = element && service ? (service.get(element)?.id ?? '') : '';
  return (
    <p className="template-chooser">
      <label>
        {t('models.template')}{' '}
        <select
          value={now}
          disabled={fitting.length === 0}
          onChange={(event) => {
            const template = fitting.find((each) => each.id === event.target.value);
            if (element && template) service?.applyTemplate(element, template);
          }}
        >
          <option value="">{element ? t('models.noTemplate') : t('models.chooseElement')}</option>
          {fitting.map((template) => (
            <option key={template.id} value={template.id}>
              {template.name}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}
