/** How far something is, as a line that fills; one that only moves where the whole is not known. */
interface Props {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
}

export function ProgressBar({ label, done, total }: Props) {
  const percent = total === null || total === 0 ? null : Math.round((done / total) * 100);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent ?? undefined}
    >
      <div
        class={percent === null ? 'unknown' : ''}
        style={percent === null ? {} : { inlineSize: `${percent}%` }}
      />
    </div>
  );
}
