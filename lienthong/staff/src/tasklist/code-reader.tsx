/** A code from a hand-held reader (it types and presses Enter) or from a picture. */
import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem, post } from '../shared/api';
import { useT } from '../shared/i18n';
import { ProblemNote } from '../shared/states';

export function CodeReader({ onCode }: { onCode: (code: string) => void }) {
  const t = useT();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [none, setNone] = useState(false);
  const typed = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code') ?? '').trim();
    if (code) onCode(code);
  };
  const read = (file: File | undefined): void => {
    if (!file) return;
    const body = new FormData();
    body.append('file', file);
    post<{ codes: string[] }>('/reception/codes', body).then(
      ({ codes }) => {
        setProblem(null);
        setNone(codes.length === 0);
        if (codes[0]) onCode(codes[0]);
      },
      (failure: unknown) => setProblem(asProblem(failure)),
    );
  };
  return (
    <form className="bar" onSubmit={typed}>
      <label className="search">
        <span>{t('code.label')}</span> <input name="code" autoComplete="off" />
      </label>
      <button type="submit" className="button second">
        {t('code.find')}
      </button>
      <label className="button second">
        {t('code.picture')}
        <input type="file" className="hidden" accept="image/*,application/pdf" capture="environment" onChange={(event) => read(event.target.files?.[0])} />
      </label>
      {none && <span role="status">{t('code.none')}</span>}
      <ProblemNote problem={problem} />
    </form>
  );
}
