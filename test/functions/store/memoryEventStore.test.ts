// Does the store in memory keep the event store's contract?
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { appendRefusals } from './appendRefusals.ts';
import { eventStoreContract } from './eventStoreContract.ts';

eventStoreContract({ name: 'in memory', create: async () => createMemoryEventStore({ pageSize: 2 }) });

appendRefusals({ name: 'in memory', create: async () => createMemoryEventStore() });
