import { type FormEvent, useState } from 'react';
import { type ApiProblem, asProblem } from './api';
import { useT } from './i18n';
import { LanguageSwitch } from './language-switch';
import { useSession } from './session';
import { ProblemNote } from './states';

export function SignIn() {
  const t = useT();
  const { session, signIn, signOut } = useSession();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await signIn(String(fields.get('username')), String(fields.get('password')));
    } catch (failure) {
      setProblem(asProblem(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <LanguageSwitch />
      <h1>{t('signIn.title')}</h1>
      <p className="quiet">{t('signIn.lead')}</p>
      {session?.user && (
        <p className="notice warn">
          {t('signIn.notStaff', { name: session.user.displayName })}{' '}
          <button type="button" className="link" onClick={() => void signOut()}>
            {t('nav.signOut')}
          </button>
        </p>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor="username">{t('signIn.username')}</label>
        <input id="username" name="username" autoComplete="username" autoCapitalize="none" required />
        <label htmlFor="password">{t('signIn.password')}</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        <ProblemNote problem={problem} />
        <button type="submit" className="button" disabled={busy}>
          {t('signIn.submit')}
        </button>
      </form>
      <p>
        <a href="/">{t('signIn.portal')}</a>
      </p>
    </main>
  );
}
