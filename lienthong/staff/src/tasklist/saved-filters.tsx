/** Filters under a name, kept on the server: one's own, and those a colleague shares. */
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post, remove } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import type { QueueAnswer } from '../shared/types';
import { useLoad } from '../shared/use-load';

export type FilterQuery = Record<string, string>;
interface SavedFilter {
  id: string;
  name: string;
  own: boolean;
  sharedWith: string;
  query: FilterQuery;
}
interface Props {
  query: FilterQuery;
  groups: QueueAnswer['groups'];
  onChoose: (query: FilterQuery) => void;
}

export function SavedFilters({ query, groups, onChoose }: Props) {
  const { t, language } = useLanguage();
  const { data, reload } = useLoad<{ filters: SavedFilter[] }>('/filters');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const act = (work: Promise<unknown>): void => {
    work.then(
      () => (setProblem(null), reload()),
      (failure: unknown) => setProblem(asProblem(failure)),
    );
  };
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    act(post('/filters', { ...query, name: fields.get('name'), sharedWith: fields.get('sharedWith') }));
    form.reset();
  };
  const authorities = new Map(groups.map((group) => [group.authorityId, group.authorityName[language]]));
  return (
    <details className="saved">
      <summary>{t('filter.saved')}</summary>
      <ul className="plain">
        {data?.filters.map((each) => (
          <li key={each.id}>
            <button type="button" className="link" onClick={() => onChoose(each.query)}>
              {each.name}
            </button>{' '}
            {each.sharedWith && <span className="quiet">{t('filter.sharedWith', { name: authorities.get(each.sharedWith) ?? each.sharedWith })}</span>}{' '}
            {each.own && (
              <button
                type="button"
                className="link"
                aria-label={t('filter.removeNamed', { name: each.name })}
                onClick={() => act(remove(`/filters/${each.id}`))}
              >
                {t('filter.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {data?.filters.length === 0 && <p className="quiet">{t('filter.none')}</p>}
      <form className="bar" onSubmit={save}>
        <label>
          {t('filter.name')} <input name="name" required maxLength={80} />
        </label>
        <label>
          {t('filter.share')}{' '}
          <select name="sharedWith">
            <option value="">{t('filter.onlyMe')}</option>
            {[...authorities].map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button second">
          {t('filter.save')}
        </button>
      </form>
      <ProblemNote problem={problem} />
    </details>
  );
}
