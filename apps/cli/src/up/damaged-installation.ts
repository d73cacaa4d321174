/** What Node prints when a package, or a part of one, is not there. */
const missing =
  /\b(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_INVALID_PACKAGE_CONFIG|ERR_PACKAGE_PATH_NOT_EXPORTED)\b/;
/** A file of a package that ends in the middle: the place where Node could not read on stands before the error. */
const cutOff = /node_modules[^\n]*:\d+\n[^]*SyntaxError/;
/** A package that has lost some of its exports. Its name, unlike a file's, does not begin with a dot or a slash. */
const hollow = /SyntaxError: The requested module '[^./'][^']*' does not provide/;

/** What to do about it. */
export const damageAdvice =
  'A package in node_modules is missing or damaged. "npm start" repairs it; "npm ci" reinstalls everything.';

/** Whether a program says with these last words that it could not be loaded, which no restart changes. */
export function isDamagedInstallation(words: string): boolean {
  return missing.test(words) || cutOff.test(words) || hollow.test(words);
}
