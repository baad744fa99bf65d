/** A long list of rows of equal height, of which only those near the visible part exist. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowWindow } from '../logic/row-window.ts';

interface Props<Row> {
  readonly rows: readonly Row[];
  /**
   * How many there are in all; rows that are not loaded yet are asked for by `onNeed`. Undefined while
   * nobody has counted: then the list is as long as what is loaded.
   */
  readonly total: number | undefined;
  readonly rowHeight: number;
  readonly keyOf: (row: Row) => string;
  readonly render: (row: Row, index: number) => ComponentChildren;
  readonly onNeed: (index: number) => void;
  readonly label: string;
  readonly testid: string;
}

/**
 * Before it can be measured, a list is at most as high as its page: a guess that is too small would have
 * it drawn twice before it is seen. A popup's page grows with what is in it.
 */
const atFirst = () => ({ top: 0, height: Math.max(innerHeight, 600) });

export function VirtualList<Row>(props: Props<Row>) {
  const { rows, rowHeight, onNeed } = props;
  const total = props.total ?? rows.length;
  const element = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(atFirst);
  useLayoutEffect(() => {
    const list = element.current;
    if (list === null) return;
    const measure = () => {
      const { scrollTop: top, clientHeight: height } = list;
      setScroll((last) => (last.top === top && last.height === height ? last : { top, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    list.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      list.removeEventListener('scroll', measure);
    };
  }, []);
  const { start, end } = rowWindow({
    scrollTop: scroll.top,
    viewport: scroll.height,
    rowHeight,
    count: total,
    spare: 8,
    least: 20,
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
        {rows.slice(start, end).map((row, offset) => (
          <div
            key={props.keyOf(row)}
            class="list-row"
            role="listitem"
            aria-setsize={total}
            aria-posinset={start + offset + 1}
            style={{ top: `${(start + offset) * rowHeight}px` }}
          >
            {props.render(row, start + offset)}
          </div>
        ))}
      </div>
    </div>
  );
}
