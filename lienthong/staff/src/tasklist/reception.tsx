/** Reception at the counter: a known citizen, the questions, scans dropped or from the desk's folder, the slip at once. */
import '../shared/tasklist.css';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, get, post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { go } from '../shared/router';
import { Loading, ProblemNote, Tag } from '../shared/states';
import type { LocalText } from '../shared/types';
import { useLoad } from '../shared/use-load';
import { CodeReader } from './code-reader';
import { CounterPapers, type PaperAsked, type Picked } from './counter-papers';
import { CounterResult, type Received } from './counter-result';

interface Question {
  name: string;
  kind: 'boolean' | 'choice' | 'integer';
  label_vi: string;
  label_en: string;
  default: boolean | number | string;
  choices: { value: string; label_vi: string; label_en: string }[];
  minimum: number | null;
  maximum: number | null;
}
interface ReceptionAnswer {
  desks: { id: string; name: LocalText }[];
  bundles: { id: string; deskId: string; title: LocalText; questions: Question[] }[];
  token: string;
}
interface Citizen {
  name: string;
  phone: string;
  email: string;
  address: string;
  organisation: string;
  source: string;
}
type Options = Record<string, boolean | number | string>;
const PERSON = ['name', 'phone', 'email', 'address', 'organisation'] as const;

function QuestionField({ question, value, onChange }: { question: Question; value: Options[string] | undefined; onChange: (value: Options[string]) => void }) {
  const { language } = useLanguage();
  const label = language === 'vi' ? question.label_vi : question.label_en;
  if (question.kind === 'boolean')
    return (
      <label className="check">
        <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} /> {label}
      </label>
    );
  if (question.kind === 'choice')
    return (
      <label>
        {label}{' '}
        <select value={String(value)} onChange={(event) => onChange(event.target.value)}>
          {question.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {language === 'vi' ? choice.label_vi : choice.label_en}
            </option>
          ))}
        </select>
      </label>
    );
  return (
    <label>
      {label}{' '}
      <input
        type="number"
        value={Number(value)}
        min={question.minimum ?? undefined}
        max={question.maximum ?? undefined}
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </label>
  );
}

export default function Reception() {
  const { t, language } = useLanguage();
  const { data, problem, reload } = useLoad<ReceptionAnswer>('/reception');
  const [bundleId, setBundleId] = useState('');
  const [options, setOptions] = useState<Options>({});
  const [citizen, setCitizen] = useState<Citizen | null>(null);
  const [unknown, setUnknown] = useState(false);
  const [papers, setPapers] = useState<PaperAsked[]>([]);
  const [picked, setPicked] = useState<Picked[]>([]);
  const [received, setReceived] = useState<Received | null>(null);
  const [failure, setFailure] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const bundle = data?.bundles.find((each) => each.id === bundleId);
  useEffect(() => {
    if (!bundleId) return undefined;
    const timer = setTimeout(() => {
      post<{ papers: PaperAsked[] }>('/reception/draft', { bundleId, options }).then(
        (answer) => (setPapers(answer.papers), setFailure(null)),
        (thrown: unknown) => setFailure(asProblem(thrown)),
      );
    }, 200);
    return () => clearTimeout(timer);
  }, [bundleId, options]);
  const choose = (id: string): void => {
    setBundleId(id);
    const questions = data?.bundles.find((each) => each.id === id)?.questions ?? [];
    setOptions(Object.fromEntries(questions.map((question) => [question.name, question.default])));
  };
  const lookUp = async (number: string): Promise<void> => {
    if (!/^(\d{9}|\d{12})$/.test(number)) return;
    const answer = await get<{ citizen: Citizen | null }>(`/reception/citizens/${number}`);
    setCitizen(answer.citizen);
    setUnknown(!answer.citizen);
    for (const name of PERSON) {
      const field = form.current?.elements.namedItem(name);
      if (field instanceof HTMLInputElement && answer.citizen) field.value = answer.citizen[name];
    }
  };
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (!data || !bundle) return;
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    const body = new FormData();
    const files = picked.filter((each) => each.file);
    const entered = {
      ...fields,
      token: data.token,
      bundleId,
      options,
      kinds: files.map((each) => each.kind),
      scans: picked.filter((each) => each.scanId).map((each) => [each.scanId, each.kind]),
    };
    body.append('entered', JSON.stringify(entered));
    for (const each of files) if (each.file) body.append('files', each.file, each.file.name);
    setBusy(true);
    try {
      setReceived(await post<Received>('/reception/dossiers', body));
      setFailure(null);
    } catch (thrown) {
      setFailure(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  const again = (): void => {
    setReceived(null);
    setPicked([]);
    setCitizen(null);
    setUnknown(false);
    form.current?.reset();
    reload();
  };
  if (problem && !data) return <ProblemNote problem={problem} />;
  if (!data) return <Loading />;
  if (data.desks.length === 0) return <p className="empty">{t('reception.noDesk')}</p>;
  if (received) return <CounterResult received={received} onAgain={again} />;
  return (
    <>
      <div className="task-head">
        <h1>{t('reception.title')}</h1>
        <p className="bar">
          {data.desks.map((each) => (
            <Link key={each.id} className="button second" href={`/staff/tasklist/reception/${each.id}`}>
              {t('reception.room')} {data.desks.length > 1 && each.name[language]}
            </Link>
          ))}
        </p>
      </div>
      <CodeReader onCode={(code) => go(`/staff/tasklist/search?text=${encodeURIComponent(code)}`)} />
      <form ref={form} onSubmit={(event) => void send(event)}>
        <section className="panel">
          <h2>{t('reception.person')}</h2>
          <div className="grid">
            <label>
              {t('dossier.personalNumber')}
              <input
                name="personalNumber"
                inputMode="numeric"
                pattern="\d{9}|\d{12}"
                autoComplete="off"
                onChange={(event) => void lookUp(event.target.value)}
              />
            </label>
            <label>
              {t('dossier.applicant')} <input name="name" required maxLength={120} autoComplete="off" />
            </label>
            <label>
              {t('dossier.phone')} <input name="phone" type="tel" maxLength={20} autoComplete="off" />
            </label>
            <label>
              {t('reception.email')} <input name="email" type="email" maxLength={200} autoComplete="off" />
            </label>
            <label>
              {t('reception.address')} <input name="address" maxLength={300} autoComplete="off" />
            </label>
            <label>
              {t('dossier.organisation')} <input name="organisation" maxLength={200} autoComplete="off" />
            </label>
          </div>
          <p role="status">
            {citizen && (
              <Tag kind="good">
                {t('reception.known', { source: citizen.source === 'account' ? t('reception.account') : citizen.source })}
              </Tag>
            )}
            {unknown && <Tag kind="info">{t('reception.unknown')}</Tag>}
          </p>
        </section>
        <section className="panel">
          <h2>{t('reception.what')}</h2>
          <label>
            {t('reception.bundle')}{' '}
            <select value={bundleId} required onChange={(event) => choose(event.target.value)}>
              <option value="" />
              {data.bundles.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title[language]}
                </option>
              ))}
            </select>
          </label>
          <div className="grid">
            {bundle?.questions.map((question) => (
              <QuestionField
                key={question.name}
                question={question}
                value={options[question.name]}
                onChange={(value) => setOptions((old) => ({ ...old, [question.name]: value }))}
              />
            ))}
            <label>
              {t('reception.delivery')}{' '}
              <select name="delivery" defaultValue="desk">
                <option value="desk">{t('delivery.desk')}</option>
                <option value="post">{t('delivery.post')}</option>
                <option value="online">{t('delivery.online')}</option>
              </select>
            </label>
          </div>
        </section>
        {bundle && <CounterPapers deskId={bundle.deskId} asked={papers} picked={picked} onChange={setPicked} />}
        <ProblemNote problem={failure} />
        <button type="submit" className="button" disabled={busy || !bundle}>
          {busy ? t('state.loading') : t('reception.receive')}
        </button>
      </form>
    </>
  );
}
