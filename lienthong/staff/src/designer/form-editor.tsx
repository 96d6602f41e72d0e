/** Forms in the form editor of bpmn.io, and beside it the form as a clerk will see it, to be tried. */
import { FormEditor as BpmnIoFormEditor } from '@bpmn-io/form-js';
import '@bpmn-io/form-js/dist/assets/form-js.css';
import '@bpmn-io/form-js/dist/assets/form-js-editor.css';
import '@bpmn-io/form-js/dist/assets/properties-panel.css';
import { createForm, type Form } from '@bpmn-io/form-js-viewer';
import { useEffect, useRef, useState } from 'react';
import { formTranslation, translateInside } from '../shared/bpmn-translation';
import bpmnVi from '../shared/i18n/bpmn.vi.json';
import formVi from '../shared/i18n/form-editor.vi.json';
import { useLanguage } from '../shared/i18n';
import type { Editing } from './use-editing';

interface Registry {
  get: (id: string) => object | undefined;
}

export default function FormEditor({ content, setExport, setReach, onChange }: Editing & { content: string }) {
  const { t, language } = useLanguage();
  const whole = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const palette = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const current = useRef(content);
  const [schema, setSchema] = useState<object | null>(null);
  const [failed, setFailed] = useState('');
  const [preview, setPreview] = useState(false);

  useEffect(() => {
    if (!place.current || !palette.current || !panel.current || !whole.current) return undefined;
    const words = { ...bpmnVi, ...formVi };
    const made = new BpmnIoFormEditor({
      container: place.current,
      palette: { parent: palette.current },
      propertiesPanel: { parent: panel.current },
      additionalModules: [formTranslation(language, formVi)],
    });
    let gone = false;
    const stop = translateInside(whole.current, language, words);
    const text = (): string => JSON.stringify(made.saveSchema(), null, 2);
    let opened: object;
    try {
      opened = JSON.parse(current.current) as object;
    } catch (failure) {
      setFailed(String(failure));
      return stop;
    }
    made
      .importSchema(opened)
      .then(() => {
        if (gone) return;
        setSchema(made.saveSchema() as object);
        setExport(() => Promise.resolve(text()));
        setReach((id) => {
          const field = made.get<Registry>('formFieldRegistry').get(id);
          if (field) made.get<{ set: (field: object) => void }>('selection').set(field);
        });
        made.on('changed', () => {
          current.current = text();
          setSchema(made.saveSchema() as object);
          onChange();
        });
      })
      .catch((failure: unknown) => !gone && setFailed(String(failure)));
    return () => {
      gone = true;
      stop();
      made.destroy();
    };
  }, [language, onChange, setExport, setReach]);

  return (
    <>
      {failed && <p className="notice bad">{t('diagram.failed', { reason: failed })}</p>}
      <div className="actions">
        <button type="button" className="filter" aria-pressed={preview} onClick={() => setPreview((old) => !old)}>
          {t('designer.form.preview')}
        </button>
      </div>
      <div className="editor form-editor" ref={whole}>
        <div className="form-palette" ref={palette} role="region" aria-label={t('designer.form.palette')} />
        <div className="editor-canvas form-place" ref={place} role="region" aria-label={t('designer.form.label')} />
        <div className="editor-panel" ref={panel} role="region" aria-label={t('models.properties')} />
      </div>
      {preview && schema && <Preview schema={schema} />}
    </>
  );
}

function Preview({ schema }: { schema: object }) {
  const { t, language } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const [answers, setAnswers] = useState('{}');
  useEffect(() => {
    if (!place.current) return undefined;
    let form: Form | null = null;
    let gone = false;
    const options = { container: place.current, schema, data: {}, additionalModules: [formTranslation(language)] };
    void createForm(options as unknown as Parameters<typeof createForm>[0]).then((made) => {
      if (gone) return made.destroy();
      form = made;
      made.on('changed', 500, (event: { data: object }) => setAnswers(JSON.stringify(event.data, null, 1)));
      return undefined;
    });
    return () => {
      gone = true;
      form?.destroy();
    };
  }, [schema, language]);
  return (
    <section className="panel" aria-label={t('designer.form.preview')}>
      <h2>{t('designer.form.preview')}</h2>
      <div className="work">
        <div className="form-place" ref={place} />
        <div>
          <h3>{t('designer.form.answers')}</h3>
          <pre className="code">{answers}</pre>
        </div>
      </div>
    </section>
  );
}
