// Does the memory twin keep the event store's contract?
import { createMemoryEventStore } from '../../functions/runtime/memoryEventStore.ts';
import { eventStoreContract } from './eventStoreContract.ts';

eventStoreContract({ name: 'in memory', create: async () => createMemoryEventStore({ pageSize: 2 }) });
