/** On answers to reads: the registry's revision at which the answer was true. A watch can begin from there. */
export const revisionHeader = 'x-registry-revision';
