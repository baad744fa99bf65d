/** Fifty rows painted by a contestant. */
import { painted } from './agent.ts';

export interface Row {
  readonly title: string;
  readonly preview: string;
  readonly at: number;
}

export async function paintRows(rows: readonly Row[]): Promise<void> {
  const times = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
  document.body.replaceChildren(
    ...rows.map(({ title, preview, at }) => {
      const row = document.createElement('div');
      row.className = 'row';
      const [name, time, text] = ['b', 'time', 'span'].map((tag) => document.createElement(tag));
      name!.textContent = title;
      time!.textContent = times.format(at);
      text!.textContent = preview;
      row.append(name!, time!, text!);
      return row;
    }),
  );
  await painted();
}
