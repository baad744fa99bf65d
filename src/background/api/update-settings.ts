import type { CommandHandler } from './handler.ts';

export const updateSettings: CommandHandler<'updateSettings'> = async (
  { store, schedule, live, serving },
  { patch },
) => {
  const given = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  );
  const settings = { ...(await store.owned.settings()), ...given };
  await store.owned.putSettings(settings);
  await schedule.arm();
  void live.apply();
  if (patch.serveHistory !== undefined) await serving.apply();
  return settings;
};
