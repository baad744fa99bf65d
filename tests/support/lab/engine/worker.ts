/**
 * The engine's worker with a layer under it that records and spoils what reaches the disk. Built into
 * a copy of the extension by `build.ts`; never part of what ships.
 */
import './raw-handles.ts';
import '../../../../src/engine/worker.ts';
