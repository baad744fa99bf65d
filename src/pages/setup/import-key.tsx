/** An account that exists, by its recovery phrase, its key or its file. */
import { KeyFields } from '../../ui/components/key-entry.tsx';
import { useKeyEntry } from '../../ui/state/key-entry.ts';
import { t } from '../../ui/text/messages.ts';
import { CreateAccount } from './create-button.tsx';
import type { ChosenNetwork } from './network-choice.tsx';

export function ImportKey({
  network,
  back,
}: {
  readonly network: ChosenNetwork;
  readonly back: () => void;
}) {
  const entry = useKeyEntry();
  return (
    <section class="stack" data-testid="import-key">
      <h2>{t('setup_way_key')}</h2>
      <KeyFields entry={entry} label={t('setup_key_label')} hint={t('setup_key_hint')} />
      <CreateAccount network={network} readKey={() => entry.read()} back={back} />
    </section>
  );
}
