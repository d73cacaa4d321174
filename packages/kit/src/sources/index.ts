export { type FileValues, readConfigFile } from './config-file.ts';
export { type FoundSetting, findSetting, type Sources } from './find-setting.ts';
export { nearestName } from './nearest-name.ts';
export { misnamedVariables, variablePrefix } from './own-variables.ts';
export { type Argument, type KnownFlags, readArguments } from './read-arguments.ts';
