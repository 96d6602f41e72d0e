/** What the law asks at this step: the model's own words, and the basis, time limit and papers of law/ with their marks. */
import { useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

interface StepLawAnswer {
  step: { text: LocalText; mark: string } | null;
  procedure: { name: LocalText; basis: string; mark: string; source: string } | null;
  limit: { text: LocalText; mark: string } | null;
  components: { name: LocalText; mark: string }[];
}

export default function StepLaw({ taskKey }: { taskKey: string }) {
  const { t, language } = useLanguage();
  const { data, problem } = useLoad<StepLawAnswer>(`/tasks/${taskKey}/law`);
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  const mark = (value: string) =>
    value ? (
      <span title={t(`mark.${value.replace('*', 'x') as 'V' | 'Vx' | 'S' | 'M' | 'I'}`)}>
        <Tag kind={value.startsWith('V') ? 'good' : 'warn'}>{value}</Tag>
      </span>
    ) : null;
  return (
    <div className="law">
      {data.step && (
        <p>
          {data.step.text[language]} {mark(data.step.mark)}
        </p>
      )}
      <dl className="facts">
        {data.procedure && (
          <div>
            <dt>{t('stepLaw.basis')}</dt>
            <dd>
              {data.procedure.basis} {mark(data.procedure.mark)}
              <small>{data.procedure.source}</small>
            </dd>
          </div>
        )}
        {data.limit && (
          <div>
            <dt>{t('stepLaw.limit')}</dt>
            <dd>
              {data.limit.text[language]} {mark(data.limit.mark)}
            </dd>
          </div>
        )}
      </dl>
      {data.components.length > 0 && (
        <>
          <h3>{t('stepLaw.papers')}</h3>
          <ul className="plain">
            {data.components.map((each) => (
              <li key={each.name.vi}>
                {each.name[language]} {mark(each.mark)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
