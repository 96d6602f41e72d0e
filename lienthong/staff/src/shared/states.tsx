import type { ReactNode } from 'react';
import type { ApiProblem } from './api';
import { useLanguage, useT } from './i18n';

export function Loading() {
  const t = useT();
  return (
    <p className="loading" role="status">
      {t('state.loading')}
    </p>
  );
}

export function ProblemNote({ problem, children }: { problem: ApiProblem | null; children?: ReactNode }) {
  const { language } = useLanguage();
  if (!problem) return null;
  return (
    <div className="notice bad" role="alert">
      {language === 'vi' ? problem.vi : problem.en} {children}
    </div>
  );
}

export function Tag({ kind, children }: { kind: string; children: ReactNode }) {
  return <span className={`tag ${kind}`}>{children}</span>;
}

/** What was done, said once; nothing while there is nothing to say. */
export function Said({ text }: { text: string }) {
  return text ? (
    <p className="notice good" role="status">
      {text}
    </p>
  ) : null;
}
