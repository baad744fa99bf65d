/** A day, or nothing. */
export function DateField({
  label,
  testid,
  value,
}: {
  readonly label: string;
  readonly testid: string;
  readonly value: { value: string };
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        type="date"
        class="input"
        data-testid={testid}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
    </label>
  );
}

/** Local midnight of a date field's value; null where it is empty. */
export function startOfDay(date: string): number | null {
  return date === '' ? null : new Date(`${date}T00:00:00`).getTime();
}

export function endOfDay(date: string): number | null {
  return date === '' ? null : new Date(`${date}T23:59:59.999`).getTime();
}
