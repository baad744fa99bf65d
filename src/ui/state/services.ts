/** What the screens stand on: the store, commands, and the few things that only a browser can do. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SendCommand } from '../../shared/command-client.ts';
import type { StoreReader } from '../../store/reader.ts';
import type { Feed } from './feed.ts';

export interface Services {
  readonly reader: StoreReader;
  readonly feed: Feed;
  readonly send: SendCommand;
  /** Opens a page of the extension in a tab. `path` is from the extension's root. */
  readonly openPage: (path: string) => Promise<void>;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('No services around this component.');
  return services;
}
