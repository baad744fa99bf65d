import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly icon: IconName;
  readonly title: string;
  readonly hints?: readonly string[];
}

/** What stands where nothing is yet: what belongs here, and how it gets here. */
export function Empty({ icon, title, hints = [] }: Props) {
  return (
    <div class="empty" data-testid="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      {hints.map((hint) => (
        <p key={hint}>{hint}</p>
      ))}
    </div>
  );
}
