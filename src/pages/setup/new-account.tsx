/** A new account: its recovery phrase is shown once and asked for before anything is made of it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../ui/text/messages.ts';
import { formatNumber } from '../../ui/text/format.ts';
import { CreateAccount } from './create-button.tsx';
import type { ChosenNetwork } from './network-choice.tsx';

/** How many words are asked for: enough that nobody has them by chance. */
const asked = 3;

export function NewAccount({
  network,
  back,
}: {
  readonly network: ChosenNetwork;
  readonly back: () => void;
}) {
  const words = useSignal<readonly string[] | null>(null);
  const positions = useSignal<readonly number[] | null>(null);
  useEffect(() => {
    void import('../../shared/recovery-phrase.ts').then(({ newPhrase }) => {
      words.value = newPhrase();
    });
  }, []);
  const phrase = words.value;
  if (phrase === null) return <p class="soft">{t('phrase_making')}</p>;
  if (positions.value !== null) {
    return (
      <Confirm
        phrase={phrase}
        positions={positions.value}
        network={network}
        back={() => {
          positions.value = null;
        }}
      />
    );
  }
  return (
    <section class="stack" data-testid="new-phrase">
      <h2>{t('phrase_title')}</h2>
      <p>{t('phrase_about')}</p>
      <ol class="phrase" dir="ltr">
        {phrase.map((word, index) => (
          <li key={index} class="mono" data-testid="phrase-word">
            {word}
          </li>
        ))}
      </ol>
      <p class="note warn">{t('phrase_warning')}</p>
      <div class="row">
        <button
          type="button"
          class="button primary"
          data-testid="phrase-written"
          onClick={() => {
            positions.value = somePositions(phrase.length);
          }}
        >
          {t('phrase_written')}
        </button>
        <button type="button" class="button" data-testid="setup-back" onClick={back}>
          {t('setup_back')}
        </button>
      </div>
    </section>
  );
}

function Confirm({
  phrase,
  positions,
  network,
  back,
}: {
  readonly phrase: readonly string[];
  readonly positions: readonly number[];
  readonly network: ChosenNetwork;
  readonly back: () => void;
}) {
  const entered = useSignal<Readonly<Record<number, string>>>({});
  const isWrong = useSignal(false);
  async function readKey() {
    isWrong.value = positions.some((at) => entered.value[at]?.trim().toLowerCase() !== phrase[at]);
    if (isWrong.value) return null;
    const { keyOfPhrase } = await import('../../shared/recovery-phrase.ts');
    return keyOfPhrase(phrase);
  }
  return (
    <section class="stack" data-testid="confirm-phrase">
      <h2>{t('phrase_confirm')}</h2>
      {positions.map((at) => (
        <label key={at} class="field">
          <span class="label">{t('phrase_word', { number: formatNumber(at + 1) })}</span>
          <input
            class="input mono"
            dir="ltr"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            data-testid="confirm-word"
            data-position={at}
            value={entered.value[at] ?? ''}
            onInput={({ currentTarget }) => {
              entered.value = { ...entered.value, [at]: currentTarget.value };
            }}
          />
        </label>
      ))}
      {isWrong.value && (
        <p class="problem" role="alert" data-testid="confirm-problem">
          {t('phrase_confirm_wrong')}
        </p>
      )}
      <CreateAccount network={network} readKey={readKey} back={back} />
    </section>
  );
}

/** Different ones, in their order. */
function somePositions(length: number): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < asked) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    chosen.add(random % length);
  }
  return [...chosen].sort((a, b) => a - b);
}
