import { defaultSettings, type Settings } from '../../shared/settings.ts';
import { SingleRecord, type OwnedContext } from './aggregate.ts';

export interface SettingsValues {
  readonly settings: Settings;
}

/** The person's settings. What an older version did not know has its default. */
export class OwnedSettings extends SingleRecord<'settings', Settings> {
  constructor(context: OwnedContext) {
    super(context, 'settings', {
      topic: 'settings',
      from: (stored) => ({ ...defaultSettings, ...stored }),
    });
  }
}
