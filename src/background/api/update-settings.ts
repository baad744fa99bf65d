import type { CommandHandler } from './handler.ts';

export const updateSettings: CommandHandler<'updateSettings'> = async (
  { store, schedule, live, serving },
  { patch },
) => {
  const given = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  );
  const settings = { ...(await store.owned.settings.read()), ...given };
  await store.owned.settings.put(settings);
  await schedule.arm();
  void live.apply();
  if (patch.serveHistory !== undefined) await serving.apply();
  return settings;
};
