import { AS_PROPERTIES, wordOptions } from '../errors/option-words.ts';

// Test files share a process, in which those of the command line say how options are written.
wordOptions(AS_PROPERTIES);
