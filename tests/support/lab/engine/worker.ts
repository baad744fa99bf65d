/**
 * The engine's worker on a layer that records what reaches the disk and injects faults. `build.ts` builds it
 * into a copy of the extension; it never ships.
 */
import './raw-handles.ts';
import '../../../../src/engine/worker.ts';
