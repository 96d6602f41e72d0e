/** Two versions of one model: what differs, in words, and where, on both drawings. */
import { useEffect, useMemo, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { Diagram } from '../shared/diagram';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { ModelDetail } from '../shared/types';
import type { CompareAnswer } from './types';

interface Props {
  detail: ModelDetail;
  text: () => Promise<string>;
  siblings: string[];
}
const KINDS = { added: 'good', removed: 'bad', changed: 'warn' } as const;
const NONE: never[] = [];

/** `kind` or `kind:reference`, as one value of a select. */
const sideOf = (value: string, content: string): object => {
  const at = value.indexOf(':');
  return at < 0 ? { kind: value, content } : { kind: value.slice(0, at), reference: value.slice(at + 1), content };
};

export default function Compare({ detail, text, siblings }: Props) {
  const { t, language } = useLanguage();
  const [old, setOld] = useState('deployed');
  const [now, setNow] = useState('text');
  const [answer, setAnswer] = useState<CompareAnswer | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [shown, setShown] = useState('');
  useEffect(() => {
    let gone = false;
    setAnswer(null);
    void (async () => {
      try {
        const content = await text();
        const body = { path: detail.path, old: sideOf(old, content), new: sideOf(now, content) };
        const found = await post<CompareAnswer>('/designer/compare', body);
        if (!gone) setAnswer(found);
        if (!gone) setProblem(null);
      } catch (failure) {
        if (!gone) setProblem(asProblem(failure));
      }
    })();
    return () => {
      gone = true;
    };
  }, [old, now, detail, text]);
  const marks = useMemo(() => {
    const found: Record<string, string> = {};
    answer?.lines.forEach((line) => {
      if (line.elementId) found[line.elementId] = `lt-${line.kind}`;
    });
    return found;
  }, [answer]);
  const choices: [string, string][] = [
    ['text', t('designer.compare.text')],
    ['working', t('designer.compare.working')],
    ['deployed', t('designer.compare.deployed')],
    ['delivered', t('designer.compare.delivered')],
    ...detail.history.map((each): [string, string] => [
      `save:${each.revision}`,
      `${dateTime(each.at, language)} · ${each.author}: ${each.message}`,
    ]),
    ...siblings.map((path): [string, string] => [`file:${path}`, path]),
  ];
  const side = (label: string, value: string, choose: (value: string) => void) => (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {choices.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  const isDrawn = detail.path.endsWith('.bpmn');
  return (
    <section className="compare">
      <div className="actions">
        {side(t('designer.compare.from'), old, setOld)}
        {side(t('designer.compare.to'), now, setNow)}
      </div>
      <ProblemNote problem={problem} />
      {!answer && !problem && <Loading />}
      {answer?.lines.length === 0 && <p className="notice good">{t('designer.compare.same')}</p>}
      {answer && answer.lines.length > 0 && (
        <ul className="plain changes">
          {answer.lines.map((line, index) => (
            <li key={index}>
              <Tag kind={KINDS[line.kind]}>{t(`designer.compare.${line.kind}`)}</Tag> {line.text[language]}{' '}
              {isDrawn && line.elementId && (
                <button type="button" className="link" onClick={() => setShown(line.elementId)}>
                  {t('designer.show')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {answer && isDrawn && (
        <div className="two-diagrams">
          <figure>
            <figcaption>{t('designer.compare.from')}</figcaption>
            <Diagram xml={answer.old} elements={NONE} marks={marks} shown={shown} />
          </figure>
          <figure>
            <figcaption>{t('designer.compare.to')}</figcaption>
            <Diagram xml={answer.new} elements={NONE} marks={marks} shown={shown} />
          </figure>
        </div>
      )}
    </section>
  );
}
