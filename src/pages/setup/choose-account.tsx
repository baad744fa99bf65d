/** Which network, and which key. */
import { useSignal, type Signal } from '@preact/signals';
import type { CommandArguments } from '../../shared/commands.ts';
import { ErrorNote } from '../../ui/components/error-note.tsx';
import { hostProblem, looksLikePrivateKey, normaliseHost } from '../../ui/logic/hosts.ts';
import { toHex } from '../../shared/hex.ts';
import { useCommand } from '../../ui/state/command.ts';
import { t } from '../../ui/text/messages.ts';

const kinds = ['production', 'dev', 'local', 'own'] as const;
type Kind = (typeof kinds)[number];

export function ChooseAccount() {
  const { run, busy, error } = useCommand();
  const kind = useSignal<Kind>('production');
  const isGateway = useSignal(false);
  const node = useSignal('');
  const history = useSignal('');
  const key = useSignal('');
  /** Nobody is told what is wrong before they had the chance to enter it. */
  const tried = useSignal(false);

  const hostsAreWrong =
    kind.value === 'own' && [node, history].some(({ value }) => hostProblem(value) !== null);
  const keyIsWrong = key.value.trim() !== '' && !looksLikePrivateKey(key.value);

  function create() {
    tried.value = true;
    if (hostsAreWrong || keyIsWrong) return;
    const network = networkOf(kind.value, isGateway.value, node.value, history.value);
    void run('createAccount', { network, privateKey: key.value.trim() || newKey(), keep: null });
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <fieldset>
        <legend>{t('setup_network')}</legend>
        <div class="choices">
          {kinds.map((one) => (
            <label key={one} class="choice">
              <input
                type="radio"
                name="network"
                data-testid={`network-${one}`}
                checked={kind.value === one}
                onChange={() => {
                  kind.value = one;
                }}
              />
              <span>
                {t(`network_${one}`)}
                <br />
                <span class="soft small">{t(`network_${one}_hint`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {kind.value === 'own' && (
        <div class="stack">
          <label class="check">
            <input
              type="checkbox"
              data-testid="host-is-gateway"
              checked={isGateway.value}
              onChange={({ currentTarget: { checked } }) => {
                isGateway.value = checked;
              }}
            />
            {t('setup_gateway')}
          </label>
          <Host
            label={t(isGateway.value ? 'setup_gateway_host' : 'setup_node_host')}
            testid="host-node"
            value={node}
            showProblem={tried.value}
          />
          <Host
            label={t('setup_history_host')}
            testid="host-history"
            value={history}
            showProblem={tried.value}
          />
        </div>
      )}
      <details data-testid="key-fold">
        <summary>{t('setup_key')}</summary>
        <label class="field">
          <span class="label">{t('setup_key_label')}</span>
          <input
            type="password"
            class="input mono"
            dir="ltr"
            autocomplete="off"
            spellcheck={false}
            data-testid="private-key"
            value={key.value}
            aria-invalid={tried.value && keyIsWrong}
            onInput={({ currentTarget }) => {
              key.value = currentTarget.value;
            }}
          />
          {tried.value && keyIsWrong ? (
            <span class="problem" role="alert">
              {t('key_malformed')}
            </span>
          ) : (
            <span class="soft small">{t('setup_key_hint')}</span>
          )}
        </label>
      </details>
      <ErrorNote error={error.value} alert />
      <div>
        <button
          type="submit"
          class="button primary"
          data-testid="create-account"
          aria-busy={busy.value}
        >
          {t('setup_create')}
        </button>
      </div>
    </form>
  );
}

/** Any 32 bytes are a key, but for one in 2^127. */
function newKey(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

function networkOf(
  kind: Kind,
  isGateway: boolean,
  node: string,
  history: string,
): CommandArguments<'createAccount'>['network'] {
  if (kind !== 'own') return { kind };
  const historyUrl = normaliseHost(history);
  return isGateway
    ? { kind: 'gateway', gatewayUrl: normaliseHost(node), historyUrl }
    : { kind: 'custom', nodeUrl: normaliseHost(node), historyUrl };
}

function Host({
  label,
  testid,
  value,
  showProblem,
}: {
  readonly label: string;
  readonly testid: string;
  readonly value: Signal<string>;
  readonly showProblem: boolean;
}) {
  const problem = showProblem ? hostProblem(value.value) : null;
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        type="url"
        class="input"
        dir="ltr"
        placeholder="https://"
        data-testid={testid}
        value={value.value}
        aria-invalid={problem !== null}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
      {problem !== null && (
        <span class="problem" role="alert">
          {t(problem)}
        </span>
      )}
    </label>
  );
}
