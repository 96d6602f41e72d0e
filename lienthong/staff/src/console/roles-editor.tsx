/** The roles of an account: a list, and a pair of fields that adds to it. */
import { useState } from 'react';
import { textOr, useLanguage } from '../shared/i18n';
import type { RoleAt, UsersAnswer } from './types';

interface Props {
  roles: RoleAt[];
  given: UsersAnswer;
  onChange: (roles: RoleAt[]) => void;
}

export function RolesEditor({ roles, given, onChange }: Props) {
  const { t, language } = useLanguage();
  const [authority, setAuthority] = useState(given.authorities[0]?.id ?? '');
  const [role, setRole] = useState(given.roles[0] ?? '');
  const nameOf = (id: string): string => given.authorities.find((each) => each.id === id)?.[language] ?? id;
  const same = (one: RoleAt, authorityId: string, name: string): boolean => one.authorityId === authorityId && one.role === name;
  return (
    <fieldset>
      <legend>{t('users.roles')}</legend>
      <ul className="roles">
        {roles.map((each) => (
          <li key={`${each.authorityId}/${each.role}`}>
            {textOr(t, `staffRole.${each.role}`, each.role)} · {nameOf(each.authorityId)}{' '}
            <button
              type="button"
              className="link"
              aria-label={t('users.dropRole', { role: textOr(t, `staffRole.${each.role}`, each.role), authority: nameOf(each.authorityId) })}
              onClick={() => onChange(roles.filter((other) => !same(other, each.authorityId, each.role)))}
            >
              {t('users.drop')}
            </button>
          </li>
        ))}
        {roles.length === 0 && <li className="quiet">{t('users.noRoles')}</li>}
      </ul>
      <div className="find">
        <label>
          {t('users.role')}
          <select value={role} onChange={(event) => setRole(event.target.value)}>
            {given.roles.map((each) => (
              <option key={each} value={each}>
                {textOr(t, `staffRole.${each}`, each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('users.authority')}
          <select value={authority} onChange={(event) => setAuthority(event.target.value)}>
            {given.authorities.map((each) => (
              <option key={each.id} value={each.id}>
                {each[language]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button second"
          disabled={roles.some((each) => same(each, authority, role))}
          onClick={() => onChange([...roles, { authorityId: authority, role }])}
        >
          {t('users.addRole')}
        </button>
      </div>
    </fieldset>
  );
}
