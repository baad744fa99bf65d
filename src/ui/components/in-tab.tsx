/** For what the browser's popup does not survive: the same page in a tab. */
import { useServices } from '../state/services.ts';
import { t } from '../text/messages.ts';

export function InTab({ why, testid }: { readonly why: string; readonly testid: string }) {
  const { openPage } = useServices();
  return (
    <>
      <p class="small">{why}</p>
      <div>
        <button
          type="button"
          class="button"
          data-testid={testid}
          onClick={() => void openPage('popup/index.html#/backups')}
        >
          {t('recovery_in_tab')}
        </button>
      </div>
    </>
  );
}
