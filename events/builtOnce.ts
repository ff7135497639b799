// How is a value made when it is first asked for?
// Each schema takes time to build, and a process that has just started needs few of all.

/** The same function, which makes its value once; all that ask share it. */
export const builtOnce = <Made>(make: () => Made): (() => Made) => {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
