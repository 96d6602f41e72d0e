/** Variables with the values they had before; an administrator changes them as JSON, with a ground. */
import { useState } from 'react';
import { put } from '../shared/api';
import { dateTime } from '../shared/format';
import { useLanguage } from '../shared/i18n';
import { WithGround } from './act';
import type { VariableRow } from './types';

interface EditProps {
  instanceKey: string;
  row: VariableRow | null;
  onDone: () => void;
}

/** The value as JSON; a plain word that is no JSON is taken as a text. */
const parsed = (typed: string): unknown => {
  try {
    return JSON.parse(typed) as unknown;
  } catch {
    return typed;
  }
};

function Edit({ instanceKey, row, onDone }: EditProps) {
  const { t } = useLanguage();
  const [name, setName] = useState(row?.name ?? '');
  const [value, setValue] = useState(row?.value ?? '');
  const save = async (ground: string): Promise<void> => {
    const scopeKey = row?.scopeKey ?? '';
    await put(`/console/instances/${instanceKey}/variables`, { variables: { [name.trim()]: parsed(value) }, scopeKey, ground });
    onDone();
  };
  return (
    <WithGround label={t(row ? 'variable.change' : 'variable.add')} ask={row ? row.name : t('variable.addAsk')} onDo={save}>
      {!row && (
        <label>
          {t('instance.name')}
          <input value={name} onChange={(event) => setName(event.target.value)} />
        </label>
      )}
      <label>
        {t('variable.value')}
        <textarea rows={3} className="code" value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
    </WithGround>
  );
}

interface Props {
  instanceKey: string;
  rows: VariableRow[];
  mayChange: boolean;
  onDone: () => void;
}

export function VariablesTab({ instanceKey, rows, mayChange, onDone }: Props) {
  const { t, language } = useLanguage();
  return (
    <>
      <p className="quiet">{t('variable.note')}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('instance.variables')}>
        <table className="stack">
          <thead>
            <tr>
              <th scope="col">{t('instance.name')}</th>
              <th scope="col">{t('instance.value')}</th>
              <th scope="col">{t('variable.history')}</th>
              {mayChange && <th scope="col">{t('variable.change')}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.scopeKey}/${row.name}`} data-variable={row.name}>
                <th scope="row" className="code">
                  {row.name}
                  {row.scope && <small>{t('variable.scope', { name: row.scope })}</small>}
                </th>
                <td>
                  <pre className="json">{row.value}</pre>
                </td>
                <td>
                  {row.history.length > 1 && (
                    <details>
                      <summary>{t('variable.values', { count: row.history.length })}</summary>
                      <ol className="plain">
                        {row.history.map((entry, index) => (
                          <li key={index}>
                            {dateTime(entry.at, language)} {entry.by || t('variable.seen')}
                            <pre className="json">{entry.value}</pre>
                          </li>
                        ))}
                      </ol>
                    </details>
                  )}
                </td>
                {mayChange && (
                  <td>
                    <Edit key={row.value} instanceKey={instanceKey} row={row} onDone={onDone} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayChange && <Edit instanceKey={instanceKey} row={null} onDone={onDone} />}
    </>
  );
}
