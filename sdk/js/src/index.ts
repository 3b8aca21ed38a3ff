export { type Mark, type Notice, type Options, type Sunsetter } from './api.js';
export { createClient } from './client.js';
export { Answer, decide } from './decide.js';
export { applyDelta, readSnapshot, type Alternative, type Contact, type ModuleInfo, type Snapshot, type State, type Text } from './snapshot.js';
export { type Storage } from './storage.js';
