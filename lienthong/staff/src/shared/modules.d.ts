declare module 'bpmn-js-properties-panel' {
  export const BpmnPropertiesPanelModule: import('didi').ModuleDeclaration;
  export const BpmnPropertiesProviderModule: import('didi').ModuleDeclaration;
  export const ZeebePropertiesProviderModule: import('didi').ModuleDeclaration;
}
declare module 'bpmn-js-element-templates' {
  export const CloudElementTemplatesPropertiesProviderModule: import('didi').ModuleDeclaration;
}
declare module 'camunda-bpmn-js-behaviors/lib/camunda-cloud' {
  const behaviors: import('didi').ModuleDeclaration;
  export default behaviors;
}
declare module 'diagram-js-minimap' {
  const minimap: import('didi').ModuleDeclaration;
  export default minimap;
}
declare module 'bpmn-js-color-picker' {
  const picker: import('didi').ModuleDeclaration;
  export default picker;
}
declare module 'dmn-js/lib/Modeler' {
  export interface View {
    id: string;
    type: string;
    name?: string;
    element: { id: string; name?: string };
  }
  export default class DmnModeler {
    constructor(options: object);
    importXML(xml: string): Promise<{ warnings: unknown[] }>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    getViews(): View[];
    getActiveView(): View | undefined;
    getActiveViewer(): { get: <T>(name: string, strict?: boolean) => T; on: (name: string, call: () => void) => void } | undefined;
    open(view: View): Promise<unknown>;
    on(name: string, call: (event: never) => void): void;
    destroy(): void;
  }
}
declare module 'dmn-js-properties-panel' {
  export const DmnPropertiesPanelModule: import('didi').ModuleDeclaration;
  export const DmnPropertiesProviderModule: import('didi').ModuleDeclaration;
  export const ZeebePropertiesProviderModule: import('didi').ModuleDeclaration;
}
declare module '@bpmn-io/feel-editor' {
  export default class FeelEditor {
    constructor(options: object);
    setValue(text: string): void;
    setVariables(variables: { name: string }[]): void;
    focus(position?: number): void;
  }
}
