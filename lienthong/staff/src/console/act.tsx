/** Doing something with a ground: a question before it is done, its failure in words. */
import { type ReactNode, useState } from 'react';
import { useT } from '../shared/i18n';
import { ProblemNote } from '../shared/states';
import { useAct } from '../shared/use-act';

interface Props {
  label: string;
  ask?: string;
  danger?: boolean;
  disabled?: boolean;
  onDo: (ground: string) => Promise<void>;
  children?: ReactNode;
}

/** A button that opens a small form: what will be done, why, and only then the deed. */
export function WithGround({ label, ask, danger, disabled, onDo, children }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [ground, setGround] = useState('');
  const { busy, problem, act } = useAct();
  const close = (): void => {
    setOpen(false);
    setGround('');
  };
  const go = async (): Promise<void> => {
    if (await act(() => onDo(ground))) close();
  };
  if (!open)
    return (
      <button type="button" className={`button ${danger ? 'danger' : 'second'}`} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </button>
    );
  return (
    <form
      className="notice warn act"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      {ask && <p>{ask}</p>}
      {children}
      <label>
        {t('act.ground')}
        <textarea rows={2} value={ground} autoFocus onChange={(event) => setGround(event.target.value)} />
      </label>
      <ProblemNote problem={problem} />
      <div className="actions">
        <button type="submit" className={`button ${danger ? 'danger' : ''}`} disabled={busy || ground.trim().length < 5}>
          {label}
        </button>
        <button type="button" className="button second" onClick={close}>
          {t('act.leave')}
        </button>
      </div>
    </form>
  );
}
