/** Backups as files: making, importing, and scheduled ones. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { isPopup } from '../../../ui/platform/extension.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { t } from '../../../ui/text/messages.ts';
import { ImportBackup } from './backups-import.tsx';
import { isCurrent, PastJobs } from './backups-jobs.tsx';
import { MakeBackup } from './backups-make.tsx';
import { Schedule } from './backups-schedule.tsx';

/** More than a page. */
const shown = 20;

export function Backups() {
  const { reader } = useServices();
  const jobs = useLive(['backups'], () => reader.backups({ limit: shown }), []);
  const inPopup = useSignal(false);
  /** The job that this page has started, which it also saves. */
  const started = useSignal<string | null>(null);
  useEffect(() => {
    void isPopup().then((popup) => {
      inPopup.value = popup;
    });
  }, []);
  const all = jobs.value.value ?? [];
  return (
    <div class="page" data-testid="backups" data-started={started.value ?? undefined}>
      <section class="section">
        <h2>{t('backups_title')}</h2>
        <p class="soft">{t('backups_about')}</p>
      </section>
      <ErrorNote error={jobs.error.value} />
      <MakeBackup jobs={all} started={started} />
      <ImportBackup jobs={all} inPopup={inPopup.value} started={started} />
      <Schedule jobs={all} inPopup={inPopup.value} />
      <PastJobs jobs={all.filter((job) => !isCurrent(job, started.value))} />
    </div>
  );
}
