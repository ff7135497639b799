// How many bytes may a function keep between its events? A sixteenth of the memory that its process has, at most 64 MB.
// Entry files and handlers with a cache call it; it reads the process's environment.
const most = 64 * 1024 ** 2;

/** The bound of one cache; where the environment doesn't tell the memory, the most. */
export const cacheShare = (environment: Readonly<Record<string, string | undefined>> = process.env): number => {
  const megabytes = Number(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  return megabytes > 0 ? Math.min(most, Math.floor((megabytes * 1024 ** 2) / 16)) : most;
};
