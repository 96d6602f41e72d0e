/** A dossier of the own authorities: its papers, its whole story, comments, and what may be done outside a task. */
import '../shared/tasklist.css';
import { useLanguage } from '../shared/i18n';
import { Loading, ProblemNote } from '../shared/states';
import { useLoad } from '../shared/use-load';
import { Comments } from './comments';
import DossierActs, { type DossierAnswer } from './dossier-acts';
import { DossierStory } from './dossier-story';
import { Papers } from './papers';

export default function DossierPage({ code }: { code: string }) {
  const { language } = useLanguage();
  const { data, problem, reload } = useLoad<DossierAnswer>(`/dossiers/${encodeURIComponent(code)}`);
  if (problem && !data) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  const { dossier } = data;
  return (
    <>
      <h1 className="code">{dossier.code}</h1>
      <p>{dossier.title[language]}</p>
      <DossierStory dossier={dossier} />
      <DossierActs answer={data} onDone={reload} />
      <Comments dossier={dossier} branchCode="" onDone={reload} />
      <Papers papers={dossier.documents} components={dossier.components} editable={false} onReviewed={reload} />
    </>
  );
}
