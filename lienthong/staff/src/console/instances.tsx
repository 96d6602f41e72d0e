/** Instances by any filter, and a batch over what was found: a dry run first, then at once or at a set time. */
import { useState } from 'react';
import { post } from '../shared/api';
import { useLanguage } from '../shared/i18n';
import { Link } from '../shared/link';
import { isAdministrator, useSession } from '../shared/session';
import { ProblemNote } from '../shared/states';
import type { InstanceItem } from '../shared/types';
import { useAct } from '../shared/use-act';
import { WithGround } from './act';
import { FindInstances } from './find-instances';
import { InstanceTable } from './instance-table';
import { isoOf } from './time';
import type { InstanceSearch } from './types';

type Kind = 'retry' | 'cancel';
interface DryRun {
  kind: Kind;
  instances: number;
  sample: InstanceItem[];
}

function BatchPanel({ search }: { search: InstanceSearch }) {
  const { t } = useLanguage();
  const [dry, setDry] = useState<DryRun | null>(null);
  const [startAt, setStartAt] = useState('');
  const [jobId, setJobId] = useState('');
  const { busy, problem, act } = useAct();
  const look = (kind: Kind): Promise<boolean> =>
    act(async () => {
      setJobId('');
      setDry(null);
      setDry({ ...(await post<DryRun>('/operations/batches', { kind, search, dryRun: true })), kind });
    });
  const go = async (ground: string): Promise<void> => {
    if (!dry) return;
    const body = { kind: dry.kind, search, dryRun: false, ground, startAt: isoOf(startAt) };
    setJobId((await post<{ jobId: string }>('/operations/batches', body)).jobId);
    setDry(null);
  };
  return (
    <section className="panel" aria-label={t('batches.onFound')}>
      <h2>{t('batches.onFound')}</h2>
      <div className="actions">
        <button type="button" className="button second" disabled={busy} onClick={() => void look('retry')}>
          {t('batches.try.retry')}
        </button>
        <button type="button" className="button second" disabled={busy} onClick={() => void look('cancel')}>
          {t('batches.try.cancel')}
        </button>
      </div>
      <ProblemNote problem={problem} />
      {dry && (
        <>
          <p className="notice" role="status">
            {t(`batches.would.${dry.kind}`, { count: dry.instances })}
          </p>
          <InstanceTable instances={dry.sample} />
          <WithGround label={t(`batches.go.${dry.kind}`, { count: dry.instances })} danger={dry.kind === 'cancel'} onDo={go}>
            <label>
              {t('batches.startAt')}
              <input type="datetime-local" value={startAt} onChange={(event) => setStartAt(event.target.value)} />
            </label>
          </WithGround>
        </>
      )}
      {jobId && (
        <p className="notice good" role="status">
          {t('batches.made')} <Link href="/staff/console/batches">{t('ways.batches')}</Link>
        </p>
      )}
    </section>
  );
}

export default function Instances() {
  const { t } = useLanguage();
  const { session } = useSession();
  const [found, setFound] = useState<{ wanted: InstanceSearch; total: number } | null>(null);
  return (
    <>
      <h1>{t('find.title')}</h1>
      <FindInstances atOnce onFound={(wanted, total) => setFound({ wanted, total })} />
      {found && found.total > 0 && isAdministrator(session?.user) && <BatchPanel key={JSON.stringify(found.wanted)} search={found.wanted} />}
    </>
  );
}
