/** FEEL with the engine's own check: the expressions of the chosen element, or a text of one's own, tried with variables. */
import type Modeler from 'bpmn-js/lib/Modeler';
import { lazy, Suspense, useEffect, useState } from 'react';
import { asProblem, post } from '../shared/api';
import { textOr, useLanguage } from '../shared/i18n';
import type { LocalText } from '../shared/types';
import { type Modeling, nameOf, type Selection, service, settingsOf, type Setting, type Shape } from './bpmn-services';
import { useTurns } from './outline';

const FeelField = lazy(() => import('./feel-field'));
const CHECK_AFTER_MS = 350;

interface Answer {
  good: boolean;
  text: LocalText;
  line: number;
  column: number;
  names: string[];
  evaluated: boolean;
  value: unknown;
  warnings: string[];
}

export function FeelPanel({ modeler }: { modeler: Modeler | null }) {
  const { t } = useLanguage();
  const turn = useTurns(modeler);
  const shape = modeler ? service<Selection>(modeler, 'selection').get()[0] : undefined;
  const settings = shape ? settingsOf(shape).filter((each) => each.value.startsWith('=') || each.value === '') : [];
  const [chosen, setChosen] = useState('');
  void turn;
  const setting = settings.find((each, index) => `${shape?.id}/${index}/${each.label}` === chosen);
  return (
    <section className="panel feel" aria-label={t('designer.feel')}>
      <h2>{t('designer.feel')}</h2>
      <label>
        {t('designer.feelWhich')}{' '}
        <select value={setting ? chosen : ''} onChange={(event) => setChosen(event.target.value)}>
          <option value="">{t('designer.feelFree')}</option>
          {settings.map((each, index) => (
            <option key={index} value={`${shape?.id}/${index}/${each.label}`}>
              {(shape && nameOf(shape)) || shape?.id}: {textOr(t, `designer.setting.${each.label}`, each.label)}
            </option>
          ))}
        </select>
      </label>
      <FeelTrial key={setting ? chosen : 'free'} modeler={modeler} shape={shape} setting={setting} />
    </section>
  );
}

function useAnswer(text: string, variables: string): { answer: Answer | null; problem: string } {
  const { language, t } = useLanguage();
  const [state, setState] = useState<{ answer: Answer | null; problem: string }>({ answer: null, problem: '' });
  useEffect(() => {
    if (!text.trim()) {
      setState({ answer: null, problem: '' });
      return undefined;
    }
    let gone = false;
    const timer = setTimeout(async () => {
      let values: unknown = null;
      try {
        values = variables.trim() ? JSON.parse(variables) : null;
      } catch {
        setState((old) => ({ ...old, problem: t('designer.feelJson') }));
        return;
      }
      try {
        const answer = await post<Answer>('/designer/feel', { text, variables: values });
        if (!gone) setState({ answer, problem: '' });
      } catch (failure) {
        if (!gone) setState({ answer: null, problem: asProblem(failure)[language] });
      }
    }, CHECK_AFTER_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [text, variables, language, t]);
  return state;
}

function FeelTrial({ modeler, shape, setting }: { modeler: Modeler | null; shape: Shape | undefined; setting: Setting | undefined }) {
  const { t, language } = useLanguage();
  const [text, setText] = useState(setting?.value.replace(/^=/, '') ?? '');
  const [variables, setVariables] = useState('');
  const { answer, problem } = useAnswer(text, variables);
  const apply = (): void => {
    if (modeler && shape && setting)
      service<Modeling>(modeler, 'modeling').updateModdleProperties(shape, setting.part, { [setting.property]: `=${text.trim()}` });
  };
  return (
    <div className="feel-columns">
      <div>
        <Suspense fallback={<textarea readOnly value={text} aria-label={t('designer.feelText')} />}>
          <FeelField value={text} label={t('designer.feelText')} names={answer?.names ?? []} onChange={setText} />
        </Suspense>
        {answer && (
          <p className={`notice ${answer.good ? 'good' : 'bad'}`} role="status">
            {answer.text[language]}
            {answer.good && answer.names.length > 0 && <small>{t('designer.feelReads', { names: answer.names.join(', ') })}</small>}
          </p>
        )}
        {problem && <p className="notice bad">{problem}</p>}
        {setting && (
          <button type="button" className="button second" disabled={!answer?.good} onClick={apply}>
            {t('designer.feelApply')}
          </button>
        )}
      </div>
      <div>
        <label>
          {t('designer.feelVariables')}
          <textarea className="code" rows={4} value={variables} placeholder='{"amount": 1}' onChange={(event) => setVariables(event.target.value)} />
        </label>
        {answer?.evaluated && (
          <p>
            {t('designer.feelValue')} <output className="code">{JSON.stringify(answer.value)}</output>
            {answer.warnings.map((warning, index) => (
              <small key={index}>{warning}</small>
            ))}
          </p>
        )}
      </div>
    </div>
  );
}
