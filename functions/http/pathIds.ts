// Which texts can be an id in a path? What can't be one is a 404 before anything is read.

/** The most bytes of an id in a path, decoded, in UTF-8. */
export const longestPathId = 128;

/** Ids of connections are made by `connect`: they need no encoding in a URL, and have no `#`, as the keys of aliases have. */
const connectionId = /^[A-Za-z0-9._~-]+$/;

/** Whether a connection can have this id. */
export const mayBeConnection = (id: string): boolean => id.length <= longestPathId && connectionId.test(id);
