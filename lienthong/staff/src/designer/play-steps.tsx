/** What was done so far and what is still to come of an opened scenario: go to any moment, leave a step out. */
import { useT } from '../shared/i18n';
import type { Play } from './play-state';
import type { Step } from './types';

/** A step as a designer reads it in the scenario file. */
export function stepWords(step: Step): string {
  const [kind, value] = Object.entries(step)[0] ?? ['', ''];
  if (typeof value === 'string') return `${kind} ${value}`;
  if (Array.isArray(value)) return `${kind} ${value.join(', ')}`;
  const { element, name, type, ...rest } = value;
  const told = [element ?? name ?? type, Object.keys(rest).length > 0 ? JSON.stringify(rest) : ''];
  return `${kind} ${told.filter(Boolean).join(' ')}`;
}

export function PlaySteps({ play }: { play: Play }) {
  const t = useT();
  const { steps, at, view } = play;
  return (
    <section className="play-steps" aria-label={t('designer.play.steps')}>
      <div className="actions">
        <h2>{t('designer.play.steps')}</h2>
        <button type="button" className="button second" disabled={at === 0} onClick={play.undo}>
          {t('designer.play.undo')}
        </button>
        <button type="button" className="link" disabled={at === 0} onClick={() => play.goTo(at - 1)}>
          {t('designer.play.back')}
        </button>
        <button type="button" className="link" disabled={at >= steps.length} onClick={() => play.goTo(at + 1)}>
          {t('designer.play.forward')}
        </button>
        <button type="button" className="link" disabled={at >= steps.length} onClick={() => play.goTo(steps.length)}>
          {t('designer.play.all')}
        </button>
        <button type="button" className="link" onClick={play.restart}>
          {t('designer.play.restart')}
        </button>
      </div>
      <ol>
        <li>
          <button type="button" className="link" aria-current={at === 0 ? 'step' : undefined} onClick={() => play.goTo(0)}>
            {t('designer.play.begin')}
          </button>
        </li>
        {steps.map((step, index) => (
          <li key={index} className={index >= at ? 'coming' : view?.failure && index === view.done ? 'failed' : ''}>
            <button type="button" className="link code" aria-current={at === index + 1 ? 'step' : undefined} onClick={() => play.goTo(index + 1)}>
              {stepWords(step)}
            </button>{' '}
            <button type="button" className="link" aria-label={t('designer.play.removeStep', { step: index + 1 })} onClick={() => play.removeAt(index)}>
              ✕
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
