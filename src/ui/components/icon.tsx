/** Small drawings beside words. They mean nothing by themselves, so assistive technology skips them. */
const paths = {
  sync: 'M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5',
  more: 'm7 10 5 5 5-5',
  back: 'm14 6-6 6 6 6',
  send: 'M5 12h13M12 6l6 6-6 6',
  info: 'M12 11v6M12 7.5v.5M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
  /** A drawing pin, seen from the side. */
  pin: 'M9 4h6M10 4l-.5 6L7 13v1.5h10V13l-2.5-3L14 4M12 14.5V20',
  lock: 'M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  chats: 'M4 6h16v10H9l-5 4z',
  requests: 'M4 13h4l2 3h4l2-3h4M4 13l3-8h10l3 8v6H4z',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
} as const;

export type IconName = keyof typeof paths;

/** Those that point somewhere and have to be mirrored from right to left. */
const directed: ReadonlySet<IconName> = new Set(['back', 'send']);

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class={directed.has(name) ? 'icon directed' : 'icon'}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
