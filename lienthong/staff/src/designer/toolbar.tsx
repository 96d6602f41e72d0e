/** The editor's acts as buttons: everything that else needs a key combination or the mouse. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { useEffect, useState } from 'react';
import { type TextKey, useT } from '../shared/i18n';
import type { Canvas, CommandStack, EditorActions, Selection } from './bpmn-services';

interface Props {
  modeler: Modeler | null;
  limits: boolean;
  onLimits: () => void;
  onFit: () => void;
}
const ALIGNMENTS = ['left', 'center', 'right', 'top', 'middle', 'bottom'] as const;
const SPREADS = ['horizontal', 'vertical'] as const;

export function Toolbar({ modeler, limits, onLimits, onFit }: Props) {
  const t = useT();
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (!modeler) return undefined;
    const onTurn = (): void => setTurn((old) => old + 1);
    modeler.on('commandStack.changed', onTurn);
    modeler.on('selection.changed', onTurn);
    return () => {
      modeler.off('commandStack.changed', onTurn);
      modeler.off('selection.changed', onTurn);
    };
  }, [modeler]);
  const stack = modeler?.get<CommandStack>('commandStack');
  const chosen = modeler?.get<Selection>('selection').get().length ?? 0;
  const act = (name: string, options?: unknown): void => {
    modeler?.get<EditorActions>('editorActions').trigger(name, options);
  };
  const button = (key: TextKey, name: string, enabled: boolean, options?: unknown) => (
    <button type="button" key={key} disabled={!modeler || !enabled} onClick={() => act(name, options)}>
      {t(key)}
    </button>
  );
  const zoom = (factor: number): void => {
    const canvas = modeler?.get<Canvas>('canvas');
    if (canvas) canvas.zoom(canvas.viewbox().scale * factor, 'auto');
  };
  return (
    <div className="toolbar" role="toolbar" aria-label={t('designer.toolbar')}>
      {button('designer.undo', 'undo', !!stack?.canUndo())}
      {button('designer.redo', 'redo', !!stack?.canRedo())}
      {button('designer.copy', 'copy', chosen > 0)}
      {button('designer.paste', 'paste', true)}
      {button('designer.duplicate', 'duplicate', chosen > 0)}
      {button('designer.delete', 'removeSelection', chosen > 0)}
      {button('designer.search', 'find', true)}
      <label>
        <span className="hidden">{t('designer.align')}</span>
        <select
          value=""
          disabled={chosen < 2}
          onChange={(event) => {
            const [kind, type] = event.target.value.split(':');
            if (kind === 'align') act('alignElements', { type });
            else act('distributeElements', { type });
          }}
        >
          <option value="">{t('designer.align')}</option>
          {ALIGNMENTS.map((each) => (
            <option key={each} value={`align:${each}`}>
              {t(`designer.align.${each}`)}
            </option>
          ))}
          {SPREADS.map((each) => (
            <option key={each} value={`spread:${each}`}>
              {t(`designer.spread.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={!modeler} onClick={() => zoom(1.25)} aria-label={t('designer.zoomIn')}>
        +
      </button>
      <button type="button" disabled={!modeler} onClick={() => zoom(0.8)} aria-label={t('designer.zoomOut')}>
        −
      </button>
      <button type="button" disabled={!modeler} onClick={onFit}>
        {t('designer.fit')}
      </button>
      <button type="button" disabled={!modeler} aria-pressed={limits} onClick={onLimits}>
        {t('designer.limits')}
      </button>
    </div>
  );
}
