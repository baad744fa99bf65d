/** Which network: production, unless a person unfolds the others. */
import { useSignal, type Signal } from '@preact/signals';
import type { CommandArguments } from '../../shared/commands.ts';
import { hostProblem, normaliseHost } from '../../ui/logic/hosts.ts';
import { t } from '../../ui/text/messages.ts';

const kinds = ['production', 'dev', 'local', 'own'] as const;
type Kind = (typeof kinds)[number];
export type NetworkInput = CommandArguments<'createAccount'>['network'];

export interface ChosenNetwork {
  readonly kind: Signal<Kind>;
  readonly isGateway: Signal<boolean>;
  readonly node: Signal<string>;
  readonly history: Signal<string>;
  /** Nobody is told what is wrong before they had the chance to enter it. */
  readonly tried: Signal<boolean>;
  readonly unfolded: Signal<boolean>;
  /** Null where an address is wrong, which then shows. */
  read(): NetworkInput | null;
}

export function useNetwork(): ChosenNetwork {
  const kind = useSignal<Kind>('production');
  const isGateway = useSignal(false);
  const node = useSignal('');
  const history = useSignal('');
  const tried = useSignal(false);
  const unfolded = useSignal(false);
  const read = (): NetworkInput | null => {
    if (kind.value !== 'own') return { kind: kind.value };
    tried.value = true;
    if ([node, history].some(({ value }) => hostProblem(value) !== null)) {
      unfolded.value = true;
      return null;
    }
    const historyUrl = normaliseHost(history.value);
    const address = normaliseHost(node.value);
    return isGateway.value
      ? { kind: 'gateway', gatewayUrl: address, historyUrl }
      : { kind: 'custom', nodeUrl: address, historyUrl };
  };
  return { kind, isGateway, node, history, tried, unfolded, read };
}

export function NetworkChoice({ network }: { readonly network: ChosenNetwork }) {
  const { kind, isGateway, node, history, tried, unfolded } = network;
  return (
    <details
      class="networks"
      data-testid="other-networks"
      open={unfolded.value}
      onToggle={({ currentTarget }) => {
        unfolded.value = currentTarget.open;
      }}
    >
      <summary>{t('setup_network_chosen', { network: t(`network_${kind.value}`) })}</summary>
      <fieldset>
        <legend class="hidden-visually">{t('setup_network')}</legend>
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
    </details>
  );
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
