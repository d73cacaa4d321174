import { oxlintConfig } from './rules/oxlint-config.ts';

/** The text of `.oxlintrc.json`. */
export function generateOxlintConfig(): string {
  return `${JSON.stringify(oxlintConfig(), undefined, 2)}\n`;
}
