/** A long list of rows of equal height, of which only those near the visible part exist. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { painted } from '../logic/painted.ts';
import { rowWindow, type RowWindow } from '../logic/row-window.ts';

interface Props {
  /** How many rows are loaded; later ones are asked for by `onNeed`. */
  readonly loaded: number;
  /** How many there are in all. Undefined while nobody has counted: then it is what is loaded. */
  readonly total: number | undefined;
  readonly rowHeight: number;
  readonly onNeed: (index: number) => void;
  readonly label: string;
  readonly testid: string;
  /** Draws the rows of a window, as far as they are loaded. */
  readonly children: (window: RowWindow & { readonly total: number }) => ComponentChildren;
}

/**
 * A list is at most as high as its page, which grows with what is in it where it is a popup. That will do
 * until it is painted: to measure before would take a layout of its own, and for nothing.
 */
const atFirst = () => ({ top: 0, height: Math.max(innerHeight, 600) });

export function VirtualList(props: Props) {
  const { rowHeight, onNeed } = props;
  const total = props.total ?? props.loaded;
  const element = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(atFirst);
  const [hasSpare, setSpare] = useState(false);
  useLayoutEffect(() => {
    const list = element.current;
    if (list === null) return;
    const measure = () => {
      const { scrollTop: top, clientHeight: height } = list;
      setScroll((last) => (last.top === top && last.height === height ? last : { top, height }));
    };
    const observer = new ResizeObserver(measure);
    list.addEventListener('scroll', measure, { passive: true });
    let isGone = false;
    void painted().then(() => {
      if (isGone) return;
      observer.observe(list);
      // What cannot be seen is drawn after what can.
      setSpare(true);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      list.removeEventListener('scroll', measure);
    };
  }, []);
  const { start, end } = rowWindow({
    scrollTop: scroll.top,
    viewport: scroll.height,
    rowHeight,
    count: total,
    ...(hasSpare ? { spare: 8, least: 20 } : { spare: 0, least: 0 }),
  });
  useEffect(() => {
    if (end > 0) onNeed(end - 1);
  }, [end]);
  return (
    <div
      class="list"
      ref={element}
      role="list"
      aria-label={props.label}
      data-testid={props.testid}
      data-total={props.total}
      data-row-height={rowHeight}
    >
      <div class="room" role="presentation" style={{ height: `${total * rowHeight}px` }}>
        {props.children({ start, end, total })}
      </div>
    </div>
  );
}
