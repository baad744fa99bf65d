/** The local network's own figures (bench/network.ts). */
import { measureNetwork } from '../network.ts';
import type { Unit } from '../report/row.ts';
import type { Suite } from './suite.ts';

export const network: Suite = {
  name: 'network',
  needsBrowser: false,
  async run() {
    return (await measureNetwork()).map(({ name, value, unit, target }) => ({
      suite: 'network',
      browser: null,
      what: name,
      load: 'local network',
      unit: unit as Unit,
      series: [{ name: 'network', values: [value] }],
      targets:
        target === undefined
          ? []
          : [
              {
                kind: 'value',
                of: 'network',
                ...(target.at === 'most' ? { atMost: target.value } : { atLeast: target.value }),
              },
            ],
    }));
  },
};
