import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { get, post, remove, setCsrfToken } from './api';

export interface Grant {
  authorityId: string;
  authorityName: string;
  role: string;
}
export interface User {
  id: number;
  username: string;
  displayName: string;
  kind: string;
  roles: Grant[];
}
export interface Session {
  user: User | null;
  csrfToken: string;
}
interface SessionValue {
  session: Session | null;
  signIn: (username: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
}

const CONSOLE_ROLES = new Set(['designer', 'administrator']);
export const holdsConsole = (user: User): boolean => user.roles.some((grant) => CONSOLE_ROLES.has(grant.role));
export const holdsTasklist = (user: User): boolean => user.roles.some((grant) => !CONSOLE_ROLES.has(grant.role));
const holds = (user: User, ...roles: string[]): boolean => user.roles.some((grant) => roles.includes(grant.role));
export const receives = (user: User): boolean => holds(user, 'reception');
export const leads = (user: User): boolean => holds(user, 'unit_head', 'authority_head', 'office');
export const oversees = (user: User): boolean => holds(user, 'office');
export const seesMoney = (user: User): boolean => holds(user, 'finance', 'authority_head', 'office');
export const handles = (user: User): boolean => holds(user, 'officer', 'unit_head', 'authority_head');
export const isAdministrator = (user: User | null | undefined): boolean =>
  user?.roles.some((grant) => grant.role === 'administrator') ?? false;

const Context = createContext<SessionValue | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null>(null);
  const take = useCallback((next: Session) => {
    setCsrfToken(next.csrfToken);
    setSession(next);
  }, []);
  useEffect(() => {
    const load = (): void => {
      get<Session>('/session').then(take, () => take({ user: null, csrfToken: '' }));
    };
    load();
    window.addEventListener('lt-signed-out', load);
    return () => window.removeEventListener('lt-signed-out', load);
  }, [take]);
  const value = useMemo<SessionValue>(
    () => ({
      session,
      signIn: async (username, password) => {
        take(await get<Session>('/session'));
        take(await post<Session>('/session', { username, password }));
      },
      signOut: async () => {
        take(await remove<Session>('/session'));
      },
    }),
    [session, take],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): SessionValue {
  const value = useContext(Context);
  if (!value) throw new Error('Expected a SessionProvider above, but found none.');
  return value;
}
