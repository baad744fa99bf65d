/** Entering a key: one field for a recovery phrase or a key, or a file. */
import { useRef } from 'preact/hooks';
import type { KeyEntry, KeyProblem } from '../state/key-entry.ts';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/messages.ts';
import { Passphrase } from './backup-secret.tsx';
import { ErrorNote } from './error-note.tsx';

/** @param hint what becomes of it. */
export function KeyFields({
  entry,
  label,
  hint,
}: {
  readonly entry: KeyEntry;
  readonly label: string;
  readonly hint: string;
}) {
  const { text, file, password, problem, error } = entry;
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      {file.value === null ? (
        <label class="field">
          <span class="label">{label}</span>
          <textarea
            class="textarea mono"
            dir="ltr"
            rows={3}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            data-testid="private-key"
            value={text.value}
            aria-invalid={problem.value !== null}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
            }}
          />
          {problem.value === null ? (
            <span class="soft small">{hint}</span>
          ) : (
            <span class="problem" role="alert" data-testid="key-problem">
              {problemText(problem.value)}
            </span>
          )}
        </label>
      ) : (
        <>
          <p class="row">
            <span class="mono break">{file.value.name}</span>
            <button type="button" class="button quiet" onClick={() => entry.clear()}>
              {t('key_other')}
            </button>
          </p>
          <Passphrase label={t('key_file_password')} testid="keystore-password" value={password} />
          <p class="soft small">{hint}</p>
        </>
      )}
      <ErrorNote error={error.value} alert />
      {file.value === null && (
        <div>
          <button
            type="button"
            class="button quiet"
            data-testid="choose-keystore"
            onClick={() => picker.current?.click()}
          >
            {t('key_file')}
          </button>
          <input
            ref={picker}
            type="file"
            hidden
            data-testid="keystore-file"
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? [];
              if (chosen !== undefined) void entry.chooseFile(chosen);
              currentTarget.value = '';
            }}
          />
        </div>
      )}
    </>
  );
}

function problemText(problem: KeyProblem): string {
  switch (problem.kind) {
    case 'missing':
      return t('key_missing');
    case 'malformed':
      return t('key_malformed');
    case 'unknown-words':
      return t('phrase_unknown_words', { words: problem.words.slice(0, 6).join(', ') });
    case 'length':
      return t('phrase_length', { count: formatNumber(problem.count) });
    case 'checksum':
      return t('phrase_checksum');
  }
}
