/** What a colour means. The word beside it says it too. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'accent';
