/** The nine indicators and the five groups of a year, each with formula and mark, and the dossiers behind it. */
import { useState } from 'react';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';

interface Indicator {
  name: string;
  title: LocalText;
  formula: string;
  mark: string;
  value: string | null;
  numerator: number;
  denominator: number;
  drillable: boolean;
}
interface Answer {
  year: number;
  total: string;
  complete: boolean;
  nine: Indicator[];
  five: Indicator[];
}

function BehindIndicator({ name, query }: { name: string; query: string }) {
  const { t } = useLanguage();
  const [against, setAgainst] = useState(false);
  const { data, problem } = useLoad<{ total: number; codes: string[] }>(`/leader/indicators/${name}?${query}&against=${against}`);
  return (
    <div className="behind">
      <label className="check">
        <input type="checkbox" checked={against} onChange={(event) => setAgainst(event.target.checked)} /> {t('indicator.against')}
      </label>
      <ProblemNote problem={problem} />
      {!data && !problem && <Loading />}
      {data && (
        <p>
          {t('indicator.behind', { count: data.total })}{' '}
          {data.codes.map((code) => (
            <Link key={code} className="code" href={`/staff/tasklist/dossiers/${code}`}>
              {code}{' '}
            </Link>
          ))}
        </p>
      )}
    </div>
  );
}

export default function LeaderIndicators({ authority }: { authority: string }) {
  const { t, language } = useLanguage();
  const [year, setYear] = useState(new Date().getFullYear());
  const [open, setOpen] = useState('');
  const query = new URLSearchParams({ authority, year: String(year) }).toString();
  const { data, problem } = useLoad<Answer>(`/leader/indicators?${query}`);
  const table = (rows: Indicator[], caption: string) => (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('indicator.name')}</th>
            <th scope="col">{t('indicator.value')}</th>
            <th scope="col">{t('indicator.formula')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>
                {row.drillable ? (
                  <button type="button" className="link" aria-expanded={open === row.name} onClick={() => setOpen(open === row.name ? '' : row.name)}>
                    {row.title[language]}
                  </button>
                ) : (
                  row.title[language]
                )}
                {open === row.name && <BehindIndicator name={row.name} query={query} />}
              </td>
              <td className="number">
                {row.value ?? t('indicator.noData')}
                {row.value !== null && <small>{`${row.numerator} / ${row.denominator}`}</small>}
              </td>
              <td>
                {row.formula} <Tag kind={row.mark.startsWith('V') ? 'good' : 'warn'}>{row.mark}</Tag>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <>
      <label>
        {t('indicator.year')}{' '}
        <input type="number" min={2000} max={2100} value={year} onChange={(event) => setYear(Number(event.target.value) || year)} />
      </label>
      <ProblemNote problem={problem} />
      {!data && !problem && <Loading />}
      {data && (
        <>
          <p>
            <strong>{t('indicator.total', { points: data.total })}</strong>{' '}
            {!data.complete && <span className="quiet">{t('indicator.incomplete')}</span>}
          </p>
          {table(data.nine, t('indicator.nine'))}
          {table(data.five, t('indicator.five'))}
        </>
      )}
    </>
  );
}
