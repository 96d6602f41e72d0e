/** What a new version means for the dossiers that run: words, groups of dossiers, and where each open step goes. */
import { dateTime, remaining } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import './texts';
import './console.css';
import { Tag } from '../shared/states';
import type { ImpactGroup, ImpactReport, LocalText } from '../shared/types';

export type Mappings = Record<string, Record<string, string>>;
interface Props {
  report: ImpactReport;
  onMap: (source: string, target: string) => void;
  chosen?: Set<string>;
  onToggle?: (group: string) => void;
}
const KINDS: Record<ImpactGroup['verdict'], string> = { itself: 'good', choice: 'warn', cannot: 'bad' };
const VERDICTS: ImpactGroup['verdict'][] = ['itself', 'choice', 'cannot'];

function Words({ texts }: { texts: LocalText[] }) {
  const { language } = useLanguage();
  return (
    <ul>
      {texts.map((text, index) => (
        <li key={index}>{text[language]}</li>
      ))}
    </ul>
  );
}

function Group({ group, chosen, onToggle }: { group: ImpactGroup } & Pick<Props, 'chosen' | 'onToggle'>) {
  const { t, language } = useLanguage();
  const where = group.elements.join(', ') || '–';
  return (
    <li className="impact-group" data-verdict={group.verdict}>
      <label>
        {onToggle && (
          <input
            type="checkbox"
            disabled={!group.movable}
            checked={chosen?.has(group.id) ?? false}
            onChange={() => onToggle(group.id)}
          />
        )}{' '}
        <strong>{t('impact.group', { count: group.count, where })}</strong>{' '}
        <Tag kind={KINDS[group.verdict]}>{t(`impact.verdict.${group.verdict}`)}</Tag>
      </label>
      {group.waitsAt.length > 0 && <p className="quiet">{t('impact.waitsAt', { where: group.waitsAt.join(', ') })}</p>}
      <Words texts={[...group.reasons, ...group.timers]} />
      <details>
        <summary>{t('impact.dossiers', { count: group.count })}</summary>
        <p className="quiet">{t('impact.deadlinesKept')}</p>
        <ul className="dossier-list" tabIndex={0} aria-label={t('impact.dossiers', { count: group.count })}>
          {(group.deadlines ?? []).map((each) => (
            <li key={each.code}>
              <span className="code">{each.code}</span>{' '}
              {each.dueAt && (
                <span className="quiet">
                  {t('impact.deadline', {
                    due: dateTime(each.dueAt, language),
                    used: remaining(each.usedMinutes ?? 0, t),
                    left: remaining(each.leftMinutes ?? 0, t),
                  })}
                </span>
              )}
            </li>
          ))}
        </ul>
        {group.count > group.dossiers.length && <p className="quiet">{t('impact.more', { count: group.count - group.dossiers.length })}</p>}
      </details>
    </li>
  );
}

function MappingTable({ report, onMap }: Pick<Props, 'report' | 'onMap'>) {
  const { t } = useLanguage();
  return (
    <div className="scroll">
      <table>
        <caption>{t('impact.mapping')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('impact.source')}</th>
            <th scope="col">{t('impact.target')}</th>
            <th scope="col">{t('impact.suggestion')}</th>
          </tr>
        </thead>
        <tbody>
          {report.mapping.map((row) => (
            <tr key={row.source}>
              <td>
                {row.sourceName} <small className="code">{row.source}</small>
              </td>
              <td>
                <select
                  value={row.target}
                  aria-label={t('impact.targetOf', { name: row.sourceName })}
                  onChange={(event) => onMap(row.source, event.target.value)}
                >
                  <option value="">{t('impact.noTarget')}</option>
                  {row.candidates.map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.name} ({each.id})
                    </option>
                  ))}
                </select>
              </td>
              <td>
                {row.suggested !== row.target && row.suggested && (
                  <button type="button" className="link" onClick={() => onMap(row.source, row.suggested)}>
                    {t('impact.take', { target: row.suggested })}
                  </button>
                )}{' '}
                {row.by && <span className="quiet">{t(`impact.by.${row.by}`)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ImpactView({ report, onMap, chosen, onToggle }: Props) {
  const { t } = useLanguage();
  const total = report.groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <section className="impact">
      <h3>{t('impact.title', { process: report.processId, version: report.version, count: total })}</h3>
      <p>
        {VERDICTS.map((verdict) => (
          <span key={verdict}>
            <Tag kind={KINDS[verdict]}>{`${t(`impact.verdict.${verdict}`)}: ${report.counts[verdict]}`}</Tag>{' '}
          </span>
        ))}
      </p>
      <details open={report.changes.length < 12}>
        <summary>{t('impact.changes', { count: report.changes.length })}</summary>
        <Words texts={report.changes.map((change) => change.text)} />
      </details>
      <MappingTable report={report} onMap={onMap} />
      <ul className="plain">
        {report.groups.map((group) => (
          <Group key={group.id} group={group} {...(chosen && onToggle ? { chosen, onToggle } : {})} />
        ))}
      </ul>
    </section>
  );
}
