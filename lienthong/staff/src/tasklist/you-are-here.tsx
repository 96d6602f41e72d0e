import { useState } from 'react';
import { Diagram } from '../shared/diagram';
import { useT } from '../shared/i18n';
import { Loading, ProblemNote } from '../shared/states';
import type { DiagramView } from '../shared/types';
import { useLoad } from '../shared/use-load';

/** The diagrams that lead to this task: the procedure first, the whole bundle beside it. */
export default function YouAreHere({ taskKey }: { taskKey: string }) {
  const t = useT();
  const { data, problem } = useLoad<{ diagrams: DiagramView[] }>(`/tasks/${taskKey}/diagram`);
  const [chosen, setChosen] = useState(0);
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  const shown = data.diagrams[chosen];
  if (!shown) return <p className="empty">{t('diagram.none')}</p>;
  return (
    <>
      <div className="filters" role="group" aria-label={t('diagram.choose')}>
        {data.diagrams.map((each, index) => (
          <button
            type="button"
            key={each.processInstanceKey}
            className="filter"
            aria-pressed={index === chosen}
            onClick={() => setChosen(index)}
          >
            {each.name}
          </button>
        ))}
      </div>
      <Diagram key={shown.processInstanceKey} xml={shown.xml} elements={shown.elements} flows={shown.flows} />
      <p className="quiet">{t('diagram.legend')}</p>
    </>
  );
}
